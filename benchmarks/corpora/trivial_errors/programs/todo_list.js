const assert = require("assert");

function createList(items = []) {
  let nextId = items.length + 1;
  const todos = items.map((title, i) => ({ id: i + 1, title, done: false }));

  function add(title) {
    const todo = { id: nextId++, title, done: false };
    todos.push(todo);
    return todo.id;
  }

  function toggle(id) {
    const todo = todos.find((each) => each.id === id);
    if (todo === undefined) return false;
    todo.done = !todo.done;
    return true;
  }

  function remaining() {
    return todos.filter((todo) => !todo.done).map((todo) => todo.title);
  }

  return { add, toggle, remaining };
}

const list = createList(["wash", "iron"]);
const id = list.add("fold");
assert.strictEqual(id, 3);
list.toggle(1);
console.log(list.remaining().join(", "));
console.log(list.toggle(99), list.toggle(1));
assert.deepStrictEqual(list.remaining(), ["wash", "iron", "fold"]);
console.log(createList().remaining().length);
