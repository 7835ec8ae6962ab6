const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const order = [];
async function job(name, ms) {
  await sleep(ms);
  order.push(name);
  return ms;
}
const times = await Promise.all([job('slow', 30), job('fast', 5), job('mid', 15)]);
({ order, total: times.reduce((a, b) => a + b) })
