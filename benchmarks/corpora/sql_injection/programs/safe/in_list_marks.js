// expect: safe
async function namesOf(connection, codes) {
  const marks = codes.map(() => "?").join(", ");
  const [rows] = await connection.query(`SELECT name FROM countries WHERE code IN (${marks})`, codes);
  return rows.map((row) => row.name);
}

export default namesOf;
