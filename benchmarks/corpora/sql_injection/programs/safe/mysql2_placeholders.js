// expect: safe
const pool = require("./pool");

async function findDrink(name, maximum) {
  const [rows] = await pool.execute("SELECT id, price FROM drinks WHERE name = ? AND price <= ?", [name, maximum]);
  console.log(`select ${rows.length} drinks from menu where name = '${name}'`);
  return rows;
}

module.exports = { findDrink };
