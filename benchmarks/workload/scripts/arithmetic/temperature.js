const c = [-40, 0, 21.5, 37, 100];
c.map(x => `${x}°C = ${(x * 9 / 5 + 32).toFixed(1)}°F`).join('; ')
