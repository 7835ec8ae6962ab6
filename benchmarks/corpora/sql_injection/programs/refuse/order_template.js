// expect: refuse
const express = require("express");
const pool = require("./pool");

const app = express();

app.get("/players", async (req, res) => {
  const [rows] = await pool.query(`SELECT name, points FROM players ORDER BY ${req.query.sort}`);
  res.json(rows);
});
