import type { SourceApi } from '../api.ts';
import { valueAt, wordIn } from '../place.ts';

/** What `error` may be; empty is none. One c too many is the vendor's own. What is not named is read, and said to be no answer. */
const errors: Readonly<Record<string, 'credential' | 'wait' | 'absent'>> = {
  error_auth: 'credential', error_sign: 'credential', error_permission: 'credential', invalid_access_token: 'credential', invalid_acceess_token: 'credential',
  error_rate_limit: 'wait', error_limit: 'wait', error_too_many_request: 'wait', error_server: 'wait', error_inner: 'wait', error_busy: 'wait',
  error_not_found: 'absent',
};

/** How Shopee refuses with a good status. */
export const refusalIn: NonNullable<SourceApi['refusal']> = (payload) => {
  const error = wordIn(payload, 'error');
  if (error !== undefined) return Object.hasOwn(errors, error) ? errors[error] : undefined;
  const orders = valueAt(payload, 'response.order_list');
  return Array.isArray(orders) && orders.length === 0 ? 'absent' : undefined;
};
