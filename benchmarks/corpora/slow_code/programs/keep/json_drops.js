/** What the archive will hold: dates as text, nothing undefined. */
function stored(values) {
  const records = values.map((value) => ({ value, at: new Date(0), note: value === null ? undefined : "ok" }));
  const copies = [];
  for (const record of records) {
    copies.push(JSON.parse(JSON.stringify(record)));
  }
  return copies.map((copy) => [copy.value, typeof copy.at, "note" in copy]);
}

module.exports = { stored };
