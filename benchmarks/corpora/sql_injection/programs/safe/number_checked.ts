// expect: safe
import type { Pool } from "pg";

export async function page(pool: Pool, number: string): Promise<string[]> {
  const index = Number.parseInt(number, 10);
  if (!Number.isInteger(index) || index < 0) {
    throw new Error(`not a page: ${number}`);
  }
  const { rows } = await pool.query(`SELECT title FROM news ORDER BY id LIMIT 10 OFFSET ${index * 10}`);
  return rows.map((row: { title: string }) => row.title);
}
