"use strict";

class Response {
  constructor(body, status = 200) {
    this.body = body;
    this.status = status;
  }

  get ok() {
    return this.status < 400;
  }

  async json() {
    return JSON.parse(this.body);
  }
}

const USERS = { 1: { name: "Ann", age: 31 }, 2: { name: "Bob", age: 25 } };

async function fetch(url) {
  const id = url.split("/").pop();
  if (!(id in USERS)) {
    return new Response("{}", 404);
  }
  return new Response(JSON.stringify(USERS[id]));
}

async function loadUser(id) {
  const response = await fetch("https://api.example/users/" + id);
  if (!response.ok) {
    return null;
  }
  const user = await response.json();
  return { id, ...user };
}

async function main() {
  for (const id of [1, 2, 3]) {
    const user = await loadUser(id);
    console.log(user ? `${user.id}: ${user.name} (${user.age})` : `${id}: missing`);
  }
}

main();
