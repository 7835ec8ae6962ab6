// expect: safe
const Database = require("better-sqlite3");

const TABLE = "scores";
const db = new Database("scores.db");
const best = db.prepare(`SELECT max(points) AS points FROM ${TABLE} WHERE player = ?`);

exports.best = (player) => best.get(player).points;
