// expect: safe
const COLUMNS = new Set(["name", "age", "joined"]);

async function members(client, sort, direction) {
  if (!COLUMNS.has(sort)) {
    throw new RangeError(`cannot sort by ${sort}`);
  }
  const way = direction === "down" ? "DESC" : "ASC";
  const result = await client.query(`SELECT name FROM members ORDER BY ${sort} ${way}`);
  return result.rows;
}

module.exports = members;
