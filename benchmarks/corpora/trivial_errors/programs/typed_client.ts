type User = { id: number; name: string; email?: string };

class FakeResponse<T> {
  constructor(private readonly body: T, readonly status: number = 200) {}

  async json(): Promise<T> {
    return this.body;
  }
}

const users: Record<number, User> = {
  1: { id: 1, name: "Ann", email: "ann@mail.example" },
  2: { id: 2, name: "Bob" },
};

async function get(path: string): Promise<FakeResponse<User | null>> {
  const id = Number(path.split("/").at(-1));
  const user = users[id] ?? null;
  return new FakeResponse(user, user ? 200 : 404);
}

async function contact(id: number): Promise<string> {
  const response = await get(`/users/${id}`);
  if (response.status === 404) {
    return `user ${id} is unknown`;
  }
  const user = (await response.json()) as User;
  return `${user.name} <${user.email ?? "no address"}>`;
}

for (const id of [1, 2, 3]) {
  console.log(await contact(id));
}
const all = await Promise.all([2, 1].map((id) => contact(id)));
console.log(all.length, all.join("; "));
