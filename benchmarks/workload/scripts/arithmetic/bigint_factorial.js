let f = 1n;
for (let i = 2n; i <= 40n; i++) f *= i;
f.toString()
