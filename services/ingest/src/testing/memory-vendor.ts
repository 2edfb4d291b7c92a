import { addressBelow } from '../vendor/address.ts';
import { VendorUnreachable, type VendorPort } from '../vendor/port.ts';
import { verdictOn } from '../vendor/verdict.ts';

/** What a vendor says to one path: status 200 and no headers unless named; `reset`: the line breaks. */
export type Said = { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'reset';

export interface MemoryVendor extends VendorPort {
  /** What is said to a path, from now on. */
  say(path: string, said: Said | (() => Said)): void;
  /** Everything that was asked, in order: `<source>:<account> <path>`. */
  readonly asked: string[];
}

/** A vendor in memory: a path nobody has given an answer to is 404. */
export function memoryVendor(clock: () => number): MemoryVendor {
  const sayings = new Map<string, Said | (() => Said)>();
  const asked: string[] = [];
  return {
    asked,
    say: (path, said) => void sayings.set(path, said),
    async get(source, account, path) {
      if (!addressBelow('https://vendor.example', path)) return { status: 'refused', code: 'address' };
      asked.push(`${source}:${account} ${path}`);
      const saying = sayings.get(path) ?? { status: 404 };
      const said = typeof saying === 'function' ? saying() : saying;
      if (said === 'reset') throw new VendorUnreachable(source, 'ECONNRESET');
      const { status = 200, headers = {}, body = '' } = said;
      const verdict = verdictOn(status, new Headers(headers), clock());
      if (verdict === 'trouble') throw new VendorUnreachable(source, `http-${status}`);
      if (verdict === 'credential') return { status: 'refused', code: 'credential' };
      return verdict === 'body' ? { status: 'ok', body: Buffer.from(body) } : verdict;
    },
  };
}
