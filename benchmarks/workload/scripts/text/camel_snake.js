const toSnake = s => s.replace(/([A-Z])/g, '_$1').toLowerCase();
const toCamel = s => s.replace(/_([a-z])/g, (_, c) => c.toUpperCase());
const keys = ['userId', 'createdAt', 'isActiveNow'];
({ snake: keys.map(toSnake), back: keys.map(toSnake).map(toCamel) })
