async function withdraw(balance, amounts) {
  const account = { balance };
  const pay = async (amount) => {
    const seen = account.balance;
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (seen < amount) return "refused";
    account.balance = seen - amount;
    return "paid";
  };
  const answers = [];
  for (const amount of amounts) {
    answers.push(await pay(amount));
  }
  return [answers, account.balance];
}

module.exports = { withdraw };
