import { AwsError } from './service.ts';

/**
 * A page of what is sorted by `key`, as `MaxResults` and `NextToken` ask. The token is opaque to callers; it survives
 * changes between the pages, as it names the last key given.
 */
export function pageOf<T>(all: readonly T[], key: (one: T) => string, input: Readonly<Record<string, unknown>>, most: number): { readonly page: readonly T[]; readonly token: string | undefined } {
  const given = input['NextToken'];
  if (given !== undefined && given !== null && typeof given !== 'string') throw new AwsError('ValidationException', 'NextToken must be a text');
  const after = given ? Buffer.from(given, 'base64url').toString('utf8') : '';
  const left = all.filter((one) => key(one) > after);
  const page = left.slice(0, Math.min(Number(input['MaxResults'] ?? most), most));
  const last = page.at(-1);
  return { page, token: last !== undefined && page.length < left.length ? Buffer.from(key(last)).toString('base64url') : undefined };
}
