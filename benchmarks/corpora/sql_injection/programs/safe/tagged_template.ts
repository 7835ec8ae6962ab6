// expect: safe
import postgres from "postgres";

const sql = postgres({ database: "museum" });

/** The tag makes parameters of what stands in the braces. */
export async function paintings(artist: string) {
  return await sql`SELECT title FROM paintings WHERE artist = ${artist} ORDER BY year`;
}
