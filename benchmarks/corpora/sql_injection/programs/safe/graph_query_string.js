// expect: safe
function describe(user) {
  const lines = [];
  lines.push("UPDATE: user " + user.name + " set a new picture");
  lines.push(`DELETE: user ${user.name} removed ${user.removed} comments from forum where they were`);
  return lines.join("\n");
}

console.log(describe({ name: "Io", removed: 3 }));
