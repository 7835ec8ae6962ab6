const raw = '{"results":[{"id":"a1","score":0.91,"meta":{"lang":"en"}},{"id":"b2","score":0.42,"meta":{"lang":"de"}},{"id":"c3","score":0.77,"meta":null}]}';
const { results } = JSON.parse(raw);
results
  .filter(r => r.score > 0.5)
  .map(({ id, score, meta }) => ({ id, pct: Math.round(score * 100), lang: meta?.lang ?? 'unknown' }))
