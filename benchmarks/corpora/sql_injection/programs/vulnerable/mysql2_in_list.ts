// expect: fix
import type { Connection, RowDataPacket } from "mysql2/promise";

export async function namesOf(connection: Connection, codes: string[]): Promise<string[]> {
  if (codes.length === 0) return [];
  const list = codes.map((code) => `'${code}'`).join(", ");
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT name FROM countries WHERE code IN (${list})`);
  return rows.map((row) => row.name as string);
}
