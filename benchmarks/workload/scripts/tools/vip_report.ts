interface Customer { id: number; name: string; tier: string }

async function load(id: number): Promise<Customer> {
  const user = await fetch_user(id);
  return { id: user.id, name: user.name, tier: user.tier };
}

const customers: Customer[] = await Promise.all([1, 2, 3, 4, 5, 6].map(load));
const byTier = customers.reduce<Record<string, string[]>>((acc, c) => {
  (acc[c.tier] ??= []).push(c.name);
  return acc;
}, {});
byTier;
