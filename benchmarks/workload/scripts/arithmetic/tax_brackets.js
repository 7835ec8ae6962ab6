const brackets = [
  { upTo: 10000, rate: 0 },
  { upTo: 40000, rate: 0.2 },
  { upTo: 100000, rate: 0.35 },
  { upTo: Infinity, rate: 0.45 },
];

function tax(income) {
  let owed = 0;
  let previous = 0;
  for (const { upTo, rate } of brackets) {
    if (income <= previous) break;
    owed += (Math.min(income, upTo) - previous) * rate;
    previous = upTo;
  }
  return owed;
}

[8000, 25000, 60000, 150000].map(income => ({ income, tax: tax(income), effective: Math.round(tax(income) / income * 1000) / 10 }))
