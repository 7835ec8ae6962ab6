function distance(a, b) {
  const dp = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 0; j <= b.length; j++) dp[0][j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      dp[i][j] = a[i - 1] === b[j - 1] ? dp[i - 1][j - 1] : 1 + Math.min(dp[i - 1][j], dp[i][j - 1], dp[i - 1][j - 1]);
    }
  }
  return dp[a.length][b.length];
}

const dictionary = ['banana', 'bandana', 'cabana', 'savanna', 'havana'];
const query = 'bananna';
dictionary.map(w => ({ word: w, d: distance(query, w) })).sort((x, y) => x.d - y.d || (x.word < y.word ? -1 : 1))
