/** The drawer that comes first: drawers stand in alphabetical order, 10 before 9. */
function first(drawers) {
  return [...drawers].sort()[0];
}

module.exports = { first };
