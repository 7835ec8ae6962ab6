// expect: safe
import { Pool } from "pg";

const pool = new Pool();

export async function openings(city, field) {
  const { rows } = await pool.query(
    `SELECT title, salary
     FROM openings
     WHERE city = $1 AND field = $2`,
    [city, field],
  );
  return rows;
}
