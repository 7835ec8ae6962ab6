const identity = (size) => Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));

function multiply(a, b) {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, cell, k) => sum + cell * b[k][j], 0)));
}

function power(matrix, exponent) {
  let result = identity(matrix.length);
  let base = matrix;
  while (exponent > 0) {
    if (exponent % 2 === 1) {
      result = multiply(result, base);
    }
    base = multiply(base, base);
    exponent = Math.floor(exponent / 2);
  }
  return result;
}

function transpose(matrix) {
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}

const show = (matrix) => matrix.map((row) => row.join(" ")).join(" / ");

console.log(show(power([[1, 1], [1, 0]], 10)));
console.log(show(transpose([[1, 2, 3], [4, 5, 6]])));
console.log(show(multiply(identity(2), [[7, 8], [9, 10]])));
