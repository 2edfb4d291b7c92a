import { Unreadable } from '../convert/index.ts';

/**
 * An id of a notice as one segment of a path. What a URL takes for a step upwards (`.`, `..`) is no id, encoded or not
 * (https://url.spec.whatwg.org/#double-dot-path-segment). @throws Unreadable
 */
export function idInPath(id: string | undefined): string {
  if (id === undefined || id === '') throw new Unreadable('missing', '$.data.notice.ids', 'names no id');
  if (/^\.{1,2}$/.test(id)) throw new Unreadable('id', '$.data.notice.ids', 'is no id');
  return encodeURIComponent(id);
}
