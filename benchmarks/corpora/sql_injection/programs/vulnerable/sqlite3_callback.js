// expect: fix
var sqlite3 = require("sqlite3").verbose();
var db = new sqlite3.Database("chat.db");

function lastMessages(room, user, callback) {
  var sql = "SELECT body FROM messages WHERE room = '" + room + "'";
  if (user) {
    sql += " AND author = '" + user + "'";
  }
  sql += " ORDER BY sent DESC LIMIT 50";
  db.all(sql, function (err, rows) {
    callback(err, rows);
  });
}

module.exports = lastMessages;
