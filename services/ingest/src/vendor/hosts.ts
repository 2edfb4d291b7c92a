import * as z from 'zod/mini';

const secure = (base: string): boolean => {
  if (!URL.canParse(base)) return false;
  const { protocol, hostname } = new URL(base);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * VENDOR_HOSTS: `{ "<source>": "<base address>" }`, what is asked instead of the vendors' pinned hosts: the stand-in of a
 * developer's machine. No template sets it, so deployed stages ask the pinned hosts; and no delivery has any say in it.
 */
export const vendorHosts = z.pipe(
  z._default(z.string(), '{}'),
  z.pipe(
    z.transform(parsed),
    z.record(z.string(), z.string().check(z.refine(secure, 'must be an https address, or one on this machine'))),
  ),
);

export type VendorHosts = Readonly<Record<string, string>>;
