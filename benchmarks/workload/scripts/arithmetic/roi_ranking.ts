interface Project { name: string; cost: number; gains: number[] }

const projects: Project[] = [
  { name: 'alpha', cost: 1000, gains: [300, 400, 500, 600] },
  { name: 'beta', cost: 500, gains: [100, 100, 100] },
  { name: 'gamma', cost: 2000, gains: [0, 0, 1500, 2500] },
];

function npv(project: Project, rate = 0.07): number {
  return project.gains.reduce((acc, gain, year) => acc + gain / Math.pow(1 + rate, year + 1), -project.cost);
}

const ranked = projects
  .map((p) => ({ name: p.name, npv: Math.round(npv(p) * 100) / 100 }))
  .sort((a, b) => b.npv - a.npv);
console.log(JSON.stringify(ranked));
ranked
