const small = new Set(['a', 'an', 'and', 'the', 'of', 'in', 'on']);
const titleCase = s => s.toLowerCase().split(/\s+/).map((w, i) => i > 0 && small.has(w) ? w : w[0].toUpperCase() + w.slice(1)).join(' ');
['the lord of the rings', 'A TALE OF TWO CITIES', 'war and peace'].map(titleCase)
