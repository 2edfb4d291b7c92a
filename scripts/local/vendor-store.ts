import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

type Line = readonly ['put', key: string, version: number, body: string] | readonly ['served', key: string, hash: string] | readonly ['refreshed', key: string, count: number];

/** What the vendors' shops hold and what has been handed out, by `<source>/<account>/<id>`; kept in a file, line by line. */
export class VendorStore {
  readonly #file: string | undefined;
  readonly #items = new Map<string, { readonly version: number; readonly body: string }>();
  readonly #served = new Map<string, Set<string>>();
  readonly #refreshes = new Map<string, number>();

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      try {
        this.#apply(JSON.parse(line) as Line);
      } catch {
        // cut short by a kill
      }
    }
    appendFileSync(file, '\n');
  }

  /** An older version than the one there is changes nothing. */
  put(key: string, version: number, body: string): void {
    if (version > (this.#items.get(key)?.version ?? -1)) this.#keep(['put', key, version, body]);
  }

  /** The item's text. */
  peek(key: string): string | undefined {
    return this.#items.get(key)?.body;
  }

  /** The item's text, noted as handed out. */
  serve(key: string): string | undefined {
    const item = this.#items.get(key);
    if (!item) return undefined;
    const hash = createHash('sha256').update(item.body).digest('hex');
    if (!this.#served.get(key)?.has(hash)) this.#keep(['served', key, hash]);
    return item.body;
  }

  /** Keys and texts below a prefix. */
  below(prefix: string): (readonly [key: string, body: string])[] {
    return [...this.#items].filter(([key]) => key.startsWith(prefix)).map(([key, { body }]) => [key, body] as const);
  }

  /** SHA-256 of every version of every item that was handed out, 64 hex digits. */
  served(): Record<string, string[]> {
    return Object.fromEntries([...this.#served].map(([key, hashes]) => [key, [...hashes]]));
  }

  /** How often an account's refresh token was changed. */
  refreshes(key: string): number {
    return this.#refreshes.get(key) ?? 0;
  }

  refreshed(key: string, count: number): void {
    this.#keep(['refreshed', key, count]);
  }

  #keep(line: Line): void {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
    this.#apply(line);
  }

  #apply(line: Line): void {
    const [what, key] = line;
    if (what === 'put') this.#items.set(key, { version: line[2], body: line[3] });
    else if (what === 'refreshed') this.#refreshes.set(key, line[2]);
    else this.#served.set(key, (this.#served.get(key) ?? new Set()).add(line[2]));
  }
}
