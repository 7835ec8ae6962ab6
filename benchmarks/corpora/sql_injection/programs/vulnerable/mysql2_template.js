// expect: fix
const mysql = require("mysql2");

const pool = mysql.createPool({ host: "localhost", user: "cafe", database: "cafe" });

function findDrink(name, done) {
  pool.query(`SELECT id, price FROM drinks WHERE name = '${name}'`, (error, rows) => {
    if (error) return done(error);
    done(null, rows[0] ?? null);
  });
}

module.exports = { findDrink };
