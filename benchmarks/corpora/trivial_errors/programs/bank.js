class InsufficientFunds extends Error {
  constructor(missing) {
    super(`short of ${missing}`);
    this.name = "InsufficientFunds";
    this.missing = missing;
  }
}

class Account {
  static next = 1;

  constructor(owner, balance = 0) {
    this.id = Account.next++;
    this.owner = owner;
    this.balance = balance;
  }

  withdraw(amount) {
    if (amount > this.balance) {
      throw new InsufficientFunds(amount - this.balance);
    }
    this.balance -= amount;
    return this.balance;
  }

  transfer(amount, target) {
    this.withdraw(amount);
    target.balance += amount;
  }
}

const ann = new Account("Ann", 100);
const bob = new Account("Bob");
ann.transfer(60, bob);
try {
  ann.transfer(60, bob);
} catch (error) {
  if (!(error instanceof InsufficientFunds)) throw error;
  console.log(error.name, error.message, error.missing);
}
for (const account of [ann, bob]) {
  console.log(account.id, account.owner, account.balance);
}
