type Shape =
  | { kind: 'circle'; radius: number }
  | { kind: 'rect'; width: number; height: number }
  | { kind: 'triangle'; base: number; height: number };

function area(shape: Shape): number {
  switch (shape.kind) {
    case 'circle':
      return Math.PI * shape.radius ** 2;
    case 'rect':
      return shape.width * shape.height;
    case 'triangle':
      return (shape.base * shape.height) / 2;
    default: {
      const never: never = shape;
      throw new Error(`unknown ${never}`);
    }
  }
}

const shapes: Shape[] = [
  { kind: 'circle', radius: 2 },
  { kind: 'rect', width: 3, height: 4.5 },
  { kind: 'triangle', base: 10, height: 1 },
];
shapes.map((s) => Math.round(area(s) * 100) / 100)
