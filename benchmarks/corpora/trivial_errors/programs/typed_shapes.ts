type Shape =
  | { kind: "circle"; radius: number }
  | { kind: "box"; width: number; height: number }
  | { kind: "triangle"; base: number; height: number };

function area(shape: Shape): number {
  switch (shape.kind) {
    case "circle":
      return Math.PI * shape.radius ** 2;
    case "box":
      return shape.width * shape.height;
    case "triangle":
      return (shape.base * shape.height) / 2;
  }
}

function describe(shape: Shape): string {
  return `${shape.kind.padEnd(9)}${area(shape).toFixed(2).padStart(7)}`;
}

const shapes: Shape[] = [
  { kind: "circle", radius: 1.5 },
  { kind: "box", width: 2, height: 4.5 },
  { kind: "triangle", base: 6, height: 2 },
];

shapes.sort((a, b) => area(b) - area(a));
shapes.forEach((shape) => console.log(describe(shape)));
const total = shapes.map(area).reduce((sum, each) => sum + each, 0);
console.log(Math.round(total), shapes.filter((shape) => shape.kind === "box").length);
