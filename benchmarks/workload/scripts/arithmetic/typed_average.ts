const average = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
average([3, 5, 8, 13, 21])
