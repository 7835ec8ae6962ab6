const WORDS = ["stone", "notes", "late", "Tale", "owl", "low", "tones", "solo"];

const signature = (word) => [...word.toLowerCase()].sort().join("");

function families(words) {
  const groups = new Map();
  for (const word of words) {
    const sign = signature(word);
    const group = groups.get(sign);
    if (group) {
      group.push(word);
    } else {
      groups.set(sign, [word]);
    }
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function largest(groups) {
  let best = [];
  for (const group of groups) {
    if (group.length > best.length) best = group;
  }
  return best;
}

const found = families(WORDS);
found.forEach((group, i) => console.log(i + 1 + ".", group.join(" ")));
console.log("largest:", largest(found).length, largest([]).length);
console.log(WORDS.filter((word) => !found.flat().includes(word)));
