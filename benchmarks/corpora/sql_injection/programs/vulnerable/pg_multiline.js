// expect: fix
const { Pool } = require("pg");

const pool = new Pool();

async function openings(city, field) {
  const sql = `
    SELECT title, salary
    FROM openings
    WHERE city = '${city}'
      AND field = '${field}'
      AND filled = false
    ORDER BY salary DESC`;
  const result = await pool.query(sql);
  return result.rows;
}

exports.openings = openings;
