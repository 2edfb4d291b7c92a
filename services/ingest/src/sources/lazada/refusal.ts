import type { SourceApi } from '../api.ts';
import { valueAt, wordIn } from '../place.ts';

/** What `code` may be besides `0`; HTTP says 200 all the same. What is not named is read, and said to be no answer. */
const codes: Readonly<Record<string, 'credential' | 'wait' | 'absent'>> = {
  IllegalAccessToken: 'credential', InvalidAccessToken: 'credential', InvalidAppKey: 'credential', IncompleteSignature: 'credential',
  ApiCallLimit: 'wait', AppCallLimit: 'wait', SellerCallLimit: 'wait', ServiceTimeout: 'wait', 901: 'wait',
  16: 'absent',
};

/** How Lazada refuses with a good status. An order of no lines at all is not there yet. */
export const refusalIn: NonNullable<SourceApi['refusal']> = (payload) => {
  const code = wordIn(payload, 'code') ?? '';
  if (code !== '0') return Object.hasOwn(codes, code) ? codes[code] : undefined;
  const rows = valueAt(payload, 'data');
  return Array.isArray(rows) && rows.length === 0 ? 'absent' : undefined;
};
