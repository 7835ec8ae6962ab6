// expect: fix
const Database = require("better-sqlite3");

class Scores {
  constructor(file) {
    this.db = new Database(file);
  }

  best(player) {
    return this.db.prepare(`SELECT max(points) AS points FROM scores WHERE player = '${player}'`).get().points;
  }

  add(player, points) {
    this.db.prepare(`INSERT INTO scores (player, points) VALUES ('${player}', ${points})`).run();
  }
}

module.exports = Scores;
