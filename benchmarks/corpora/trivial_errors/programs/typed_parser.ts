class Parser {
  private position = 0;

  constructor(private readonly text: string) {}

  parse(): unknown {
    const sign = this.text[this.position];
    if (sign === "[") return this.list();
    if (sign === '"') return this.quoted();
    return this.number();
  }

  private list(): unknown[] {
    const items: unknown[] = [];
    this.position += 1;
    while (this.text[this.position] !== "]") {
      items.push(this.parse());
      if (this.text[this.position] === ",") this.position += 1;
    }
    this.position += 1;
    return items;
  }

  private quoted(): string {
    const end = this.text.indexOf('"', this.position + 1);
    const value = this.text.slice(this.position + 1, end);
    this.position = end + 1;
    return value;
  }

  private number(): number {
    const match = /^-?\d+/.exec(this.text.slice(this.position));
    if (!match) throw new SyntaxError(`unexpected ${this.text[this.position]} at ${this.position}`);
    this.position += match[0].length;
    return parseInt(match[0], 10);
  }
}

for (const source of ['[1,[2,-3],"four"]', "42", "[]", "[1,?]"]) {
  try {
    console.log(JSON.stringify(new Parser(source).parse()));
  } catch (error) {
    console.log(String(error));
  }
}
