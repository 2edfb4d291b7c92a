import type { Account } from '@orderflow/shared/accounts';
import { readJson } from '../convert/index.ts';
import type { FetchedByNotice, Notice } from '../sources/api.ts';
import type { VendorAnswer, VendorPort } from './port.ts';

/** JSON text of a body, or of `null` where there is nothing. @throws Unreadable */
function jsonText(body: Uint8Array): string {
  if (body.byteLength === 0) return 'null'; // 204
  readJson(body);
  return Buffer.from(body).toString('utf8');
}

/** The bytes of the one item in what the API answered. @throws Unreadable */
export const bytesOfItem = (body: Uint8Array, item: FetchedByNotice['item']): Uint8Array => (item === undefined ? body : Buffer.from(JSON.stringify(item(readJson(body)))));

/**
 * Fetches what a notice names, whole: one call, or several that are joined. A second call that finds nothing leaves `null` in
 * its place; one that is refused, or has to wait, does so for the whole.
 * @throws Unreadable, VendorUnreachable
 */
export async function fetchItem(asked: FetchedByNotice, notice: Notice, account: Account, vendor: VendorPort): Promise<VendorAnswer> {
  const get = (path: string): Promise<VendorAnswer> => vendor.get(account.source, account.account, path);
  const first = await get(asked.path(notice, account));
  if (first.status !== 'ok') return first;
  const body = bytesOfItem(first.body, asked.item);
  if (!asked.also) return { status: 'ok', body };
  const parts = [`"first":${jsonText(body)}`];
  for (const [name, path] of Object.entries(asked.also(readJson(body), notice, account))) {
    const answer = await get(path);
    if (answer.status !== 'ok' && answer.status !== 'absent') return answer;
    parts.push(`${JSON.stringify(name)}:${answer.status === 'ok' ? jsonText(answer.body) : 'null'}`);
  }
  return { status: 'ok', body: Buffer.from(`{${parts.join(',')}}`) };
}
