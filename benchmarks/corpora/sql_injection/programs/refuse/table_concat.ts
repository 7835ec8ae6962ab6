// expect: refuse
import type { Pool } from "pg";

export async function truncate(pool: Pool, table: string): Promise<void> {
  await pool.query("TRUNCATE TABLE " + table);
}
