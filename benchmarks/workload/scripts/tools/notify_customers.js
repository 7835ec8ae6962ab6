async function main() {
  const page = await list_users(2);
  const receipts = [];
  for (const { id } of page.users) {
    const user = await fetch_user(id);
    if (user.tier === 'free') continue;
    const receipt = await send(user.email, `Hi ${user.name}, your ${user.tier} plan renews soon.`);
    receipts.push({ to: receipt.to, length: receipt.length });
  }
  return { sent: receipts.length, receipts };
}

await main();
