// expect: fix
import pg from "pg";

const client = new pg.Client({ database: "museum" });
await client.connect();

export const searchPaintings = async (term) => {
  const { rows } = await client.query("SELECT title FROM paintings WHERE title ILIKE '%" + term + "%' LIMIT 20");
  return rows.map((row) => row.title);
};
