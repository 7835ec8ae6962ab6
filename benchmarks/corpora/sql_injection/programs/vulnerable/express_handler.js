// expect: fix
const express = require("express");
const db = require("./db");

const router = express.Router();

router.get("/rooms/:building", async (req, res, next) => {
  try {
    const { building } = req.params;
    const seats = req.query.seats || 1;
    const [rooms] = await db.query(
      "SELECT name, seats FROM rooms WHERE building = '" + building + "' AND seats >= " + seats
    );
    res.json(rooms);
  } catch (error) {
    next(error);
  }
});

module.exports = router;
