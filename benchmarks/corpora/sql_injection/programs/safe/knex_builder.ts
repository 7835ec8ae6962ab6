// expect: safe
import type { Knex } from "knex";

export function search(knex: Knex, title: string, limit: number) {
  return knex("books")
    .select("id", "title")
    .where("title", "like", `%${title}%`)
    .limit(limit);
}

export const newest = (knex: Knex, since: string) => knex.raw("SELECT id FROM books WHERE added > ?", [since]);
