interface Entity { readonly id: number }
interface Book extends Entity { title: string; year: number }

abstract class Repository<T extends Entity> {
  protected readonly rows = new Map<number, T>();
  abstract validate(row: T): string | null;

  save(row: T): boolean {
    if (this.validate(row) !== null) return false;
    this.rows.set(row.id, row);
    return true;
  }

  find(predicate: (row: T) => boolean): T[] {
    return [...this.rows.values()].filter(predicate);
  }
}

class Books extends Repository<Book> {
  validate(row: Book): string | null {
    return row.year > 2026 ? 'from the future' : null;
  }

  constructor(private readonly label: string) {
    super();
  }

  toString(): string {
    return `${this.label}(${this.rows.size})`;
  }
}

const books = new Books('library');
const saved = [
  books.save({ id: 1, title: 'SICP', year: 1985 }),
  books.save({ id: 2, title: 'Tomorrow', year: 2999 }),
  books.save({ id: 3, title: 'TAOCP', year: 1968 }),
];
({ saved, old: books.find((b) => b.year < 1980).map((b) => b.title), text: `${books}` });
