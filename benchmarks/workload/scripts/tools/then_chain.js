fetch_user(9)
  .then(user => list_orders(user.id).then(orders => ({ user, orders })))
  .then(({ user, orders }) => `${user.name} has ${orders.length} orders`)
