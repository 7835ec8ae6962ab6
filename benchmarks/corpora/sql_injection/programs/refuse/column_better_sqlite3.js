// expect: refuse
const Database = require("better-sqlite3");

const db = new Database("people.db");

function distinct(column) {
  return db.prepare(`SELECT DISTINCT ${column} AS value FROM people`).all().map((row) => row.value);
}

module.exports = distinct;
