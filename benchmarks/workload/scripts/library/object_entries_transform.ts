type Scores = { [player: string]: number[] };
const scores: Scores = { ann: [3, 5, 9], bob: [10], cleo: [] };

const summary = Object.entries(scores).map(([player, values]): { player: string; best: number | null; mean: number } => ({
  player,
  best: values.length ? Math.max(...values) : null,
  mean: values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0,
}));

const winner = summary.toSorted((a, b) => (b.best ?? -1) - (a.best ?? -1))[0]!.player;
({ summary: summary.map((s) => ({ ...s, mean: Math.round(s.mean * 10) / 10 })), winner });
