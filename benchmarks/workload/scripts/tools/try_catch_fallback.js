async function priceOr(sku, fallback) {
  try {
    return await price(sku);
  } catch (err) {
    console.error('no price for', sku);
    return fallback;
  }
}
[await priceOr('A-200', 0), await priceOr('NOPE', -1), await priceOr('E-042', 0)]
