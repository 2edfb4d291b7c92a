import { BadFilter } from './filters.ts';

const coded = (offset: number): string => Buffer.from(`o${offset}`).toString('base64url');

/** Rows to leave out before this page. @throws BadFilter */
export function offsetOf(after: string | undefined): number {
  if (after === undefined) return 0;
  const digits = /^o(\d{1,9})$/.exec(Buffer.from(after, 'base64url').toString())?.[1];
  if (digits === undefined) throw new BadFilter('after', 'must be the `next` of the page before');
  return Number(digits);
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** A page out of all rows that there are. */
export function pageOf<Row>(all: readonly Row[], { limit, after }: { readonly limit: number; readonly after?: string | undefined }): Page<Row> {
  const offset = offsetOf(after);
  return { rows: all.slice(offset, offset + limit), ...(all.length > offset + limit ? { next: coded(offset + limit) } : {}) };
}

/** A page of rows that were asked for with one more than the limit, from the offset on. */
export function pageFrom<Row>(asked: readonly Row[], { limit, after }: { readonly limit: number; readonly after?: string | undefined }): Page<Row> {
  return { rows: asked.slice(0, limit), ...(asked.length > limit ? { next: coded(offsetOf(after) + limit) } : {}) };
}
