const PAGES = [
  { items: ["a", "b"], next: 1 },
  { items: ["c"], next: 2 },
  { items: [], next: null },
];

const client = {
  requests: 0,
  async getPage(number) {
    this.requests += 1;
    await Promise.resolve();
    if (number >= PAGES.length) throw new Error(`no page ${number}`);
    return PAGES[number];
  },
};

async function* pages(first = 0) {
  let number = first;
  while (number !== null) {
    const page = await client.getPage(number);
    yield page;
    number = page.next;
  }
}

async function collect() {
  const items = [];
  for await (const page of pages()) {
    items.push(...page.items);
  }
  return items;
}

async function main() {
  const items = await collect();
  console.log(items.join(""), client.requests);
  try {
    await client.getPage(7);
  } catch (error) {
    console.log(error.message);
  }
}

main().then(() => console.log("done"));
