const NUMERALS = new Map([
  ["M", 1000], ["CM", 900], ["D", 500], ["CD", 400], ["C", 100], ["XC", 90],
  ["L", 50], ["XL", 40], ["X", 10], ["IX", 9], ["V", 5], ["IV", 4], ["I", 1],
]);

function toRoman(number) {
  if (number <= 0 || number >= 4000) {
    throw new RangeError("out of range: " + number);
  }
  let text = "";
  for (const [letters, value] of NUMERALS) {
    while (number >= value) {
      text += letters;
      number -= value;
    }
  }
  return text;
}

function fromRoman(text) {
  let total = 0;
  for (let i = 0; i < text.length; i++) {
    const value = NUMERALS.get(text[i]);
    const next = NUMERALS.get(text[i + 1]) || 0;
    total += value < next ? -value : value;
  }
  return total;
}

console.log([4, 1987, 2024].map(toRoman).join(" "));
console.log(["IX", "MCMLXXXVII"].map(fromRoman).join(" "));
try {
  toRoman(0);
} catch (error) {
  console.log(error.message);
}
