/** Working days between two day numbers; day 0 was a Thursday. */
function workdays(first, last) {
  let count = 0;
  for (let day = first; day < last; day++) {
    const date = new Date(day * 86400000);
    if (date.getUTCDay() !== 0 && date.getUTCDay() !== 6) {
      count++;
    }
  }
  return count;
}

module.exports = { workdays };
