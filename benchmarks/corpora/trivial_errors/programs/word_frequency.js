const TEXT = "The rain, the wind and the rain again: a storm.";
const STOP = new Set(["the", "a", "and"]);

function words(text) {
  return text.toLowerCase().match(/[a-z]+/g) || [];
}

function frequencies(text) {
  const counts = {};
  for (const word of words(text)) {
    if (STOP.has(word)) {
      continue;
    }
    counts[word] = (counts[word] || 0) + 1;
  }
  return counts;
}

function top(counts, size = 3) {
  return Object.entries(counts)
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, size);
}

for (const [word, count] of top(frequencies(TEXT))) {
  console.log(`${word.padStart(6)} ${"#".repeat(count)}`);
}
console.log(words("123").length, Object.keys(frequencies(TEXT)).length);
console.log(TEXT.replace(/rain/g, "snow"));
