import { posix } from "node:path";
import { createHash } from "node:crypto";

interface Page {
  path: string;
  text: string;
}

const delay = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), 1));

class Site {
  private readonly pages = new Map<string, Page>();

  async publish(path: string, text: string): Promise<string> {
    const clean = posix.normalize("/" + path);
    await delay(null);
    this.pages.set(clean, { path: clean, text });
    return clean;
  }

  async read(path: string): Promise<Page> {
    const page = await delay(this.pages.get(posix.normalize(path)));
    if (page === undefined) throw new Error(`nothing at ${path}`);
    return page;
  }
}

const site = new Site();
const first = await site.publish("notes//tea.md", "Boil water.");
await site.publish("notes/../index.md", "Welcome");
console.log(first, posix.dirname(first));
const page = await site.read("/notes/./tea.md");
console.log(page.text.length, createHash("md5").update(page.text).digest("hex").slice(0, 6));
try {
  await site.read("/none");
} catch (error) {
  console.log((error as Error).message);
}
console.log((await site.read("/index.md")).text);
