const cart = [
  { sku: 'A1', qty: 2, price: 9.99 },
  { sku: 'B4', qty: 1, price: 24.5 },
  { sku: 'C9', qty: 6, price: 0.75 },
];

const subtotal = cart.reduce((sum, item) => sum + item.qty * item.price, 0);
const discount = subtotal > 40 ? subtotal * 0.1 : 0;
const total = Math.round((subtotal - discount) * 100) / 100;

({ subtotal: Math.round(subtotal * 100) / 100, discount: Math.round(discount * 100) / 100, total });
