const user = await fetch_user(7);
const orders = await list_orders(user.id);
let total = 0;
for (const order of orders) {
  total += (await price(order.sku)) * order.quantity;
}
({ name: user.name, total: Math.round(total * 100) / 100 });
