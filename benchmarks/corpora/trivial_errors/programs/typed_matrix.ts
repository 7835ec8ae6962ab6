class Matrix {
  readonly rows: number[][];

  constructor(rows: number[][]) {
    if (rows.some((row) => row.length !== rows[0].length)) {
      throw new Error("rows of different lengths");
    }
    this.rows = rows;
  }

  static identity(size: number): Matrix {
    const rows = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => Number(i === j)));
    return new Matrix(rows);
  }

  times(other: Matrix): Matrix {
    const columns = other.transposed().rows;
    return new Matrix(this.rows.map((row) => columns.map((column) => row.reduce((sum, a, k) => sum + a * column[k], 0))));
  }

  transposed(): Matrix {
    return new Matrix(this.rows[0].map((_, j) => this.rows.map((row) => row[j])));
  }

  toString(): string {
    return this.rows.map((row) => row.join(" ")).join("; ");
  }
}

const turn = new Matrix([[0, -1], [1, 0]]);
console.log(`${turn.times(turn)}`);
console.log(`${turn.times(Matrix.identity(2))}`, `${new Matrix([[1, 2, 3]]).transposed()}`);
try {
  new Matrix([[1], [2, 3]]);
} catch (error) {
  console.log((error as Error).message);
}
