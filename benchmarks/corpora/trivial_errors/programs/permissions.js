const Rights = Object.freeze({ READ: 1, WRITE: 2, ADMIN: 4 });

const ROLES = {
  guest: Rights.READ,
  author: Rights.READ | Rights.WRITE,
  owner: Rights.READ | Rights.WRITE | Rights.ADMIN,
};

class User {
  constructor(name, ...roles) {
    this.name = name;
    this.roles = roles;
  }

  get rights() {
    return this.roles.reduce((all, role) => all | ROLES[role], 0);
  }

  can(right) {
    return (this.rights & right) === right;
  }
}

function describe(user) {
  const allowed = Object.entries(Rights)
    .filter(([, right]) => user.can(right))
    .map(([name]) => name.toLowerCase());
  return `${user.name}: ${allowed.join(" ") || "nothing"}`;
}

const users = [new User("Ida", "guest"), new User("Jon", "guest", "author"), new User("Kay", "owner"), new User("Lev")];
users.forEach((user) => console.log(describe(user)));
console.log(users.filter((user) => user.can(Rights.WRITE)).length);
console.log(users[2].can(Rights.READ | Rights.ADMIN));
