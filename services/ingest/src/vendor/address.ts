/**
 * The address of a path below a base, or undefined if it is not exactly that: another host, a path that climbs (`..`, also
 * encoded), white space, a fragment. An id out of a notice can so never lead anywhere else (server-side request forgery).
 */
export function addressBelow(base: string, path: string): URL | undefined {
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('#')) return undefined;
  const root = new URL(base);
  const below = root.pathname.replace(/\/$/, '');
  const written = `${root.origin}${below}${path}`;
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  // what the parser would mend (https://url.spec.whatwg.org/#path-state) is refused instead
  return url.href === written && url.origin === root.origin ? url : undefined;
}
