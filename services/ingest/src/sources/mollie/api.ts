import type { SourceApi } from '../api.ts';
import { idInPath } from '../id-in-path.ts';
import { asked } from './payment.ts';

/** Payments with their refunds and chargebacks, whichever kind of webhook named them (https://docs.mollie.com/reference/get-payment). */
export const mollieApi: SourceApi = {
  host: 'https://api.mollie.com',
  authorise: (key) => ({ authorization: `Bearer ${key}` }),
  toEvents: asked,
  notice: { path: ({ ids: [id] }) => `/v2/payments/${idInPath(id)}?embed=refunds,chargebacks`, mostAtOnce: 4 },
};
