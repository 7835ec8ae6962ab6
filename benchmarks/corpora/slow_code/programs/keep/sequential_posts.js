const server = { last: "root", async post(text, parent) { await null; this.last = `${parent}>${text}`; return this.last; } };

async function publish(texts) {
  const thread = [];
  let parent = "root";
  for (const text of texts) {
    parent = await server.post(text, parent);
    thread.push(parent);
  }
  return thread;
}

module.exports = { publish };
