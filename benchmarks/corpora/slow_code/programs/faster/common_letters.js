function contains(text, wanted) {
  let at = 0;
  for (const letter of text) if (letter === wanted[at]) at++;
  return at === wanted.length;
}

/** Length of the longest common subsequence. */
function subsequence(a, b) {
  let best = 0;
  for (let mask = 0; mask < 1 << a.length; mask++) {
    const chosen = [...a].filter((_, i) => mask & (1 << i)).join("");
    if (chosen.length > best && contains(b, chosen)) best = chosen.length;
  }
  return best;
}

module.exports = { subsequence };
