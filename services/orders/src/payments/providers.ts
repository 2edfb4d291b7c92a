import * as z from 'zod/mini';
import type { PaymentStatus } from '@orderflow/shared/events';

type Status = Exclude<PaymentStatus, 'UNKNOWN'>;
export interface Call {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How one provider is asked: data and pure functions, no network. */
export interface Provider {
  /** Host of the real one; a stage may name another. */
  readonly host: string;
  /** A call that must come first, for a token; `key` is the stored credential. */
  readonly token?: { readonly call: (key: string) => Call; readonly read: (body: unknown) => string };
  /** References of a form that this provider can be asked about. */
  readonly knows: (reference: string) => boolean;
  readonly call: (reference: string, credential: string) => Call;
  /** Status out of the answer; `undefined` when it says nothing that we know. */
  readonly read: (body: unknown) => Status | undefined;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const money = z.object({ amount: z.number() });

/** https://docs.stripe.com/api/payment_intents/object: `status`; refunds stand on the latest charge. */
const stripe: Provider = {
  host: 'https://api.stripe.com',
  knows: (reference) => reference.startsWith('pi_'),
  call: (reference, key) => ({ path: `/v1/payment_intents/${encodeURIComponent(reference)}?expand[]=latest_charge`, headers: bearer(key) }),
  read(body) {
    const { status, last_payment_error: error, latest_charge: charge } = z.parse(
      z.object({
        status: z.string(), last_payment_error: z.optional(z.nullable(z.unknown())),
        latest_charge: z.optional(z.nullable(z.union([z.string(), z.object({ refunded: z.boolean(), amount_refunded: z.number() })]))),
      }),
      body,
    );
    if (status === 'succeeded') {
      if (typeof charge !== 'object' || charge === null) return 'PAID';
      return charge.refunded ? 'REFUNDED' : charge.amount_refunded > 0 ? 'PARTIALLY_REFUNDED' : 'PAID';
    }
    if (status === 'canceled') return 'VOIDED';
    if (status === 'requires_payment_method') return error ? 'FAILED' : 'PENDING';
    return ['processing', 'requires_action', 'requires_confirmation', 'requires_capture'].includes(status) ? 'PENDING' : undefined;
  },
};

const paypalStatus: Readonly<Record<string, Status>> = {
  COMPLETED: 'PAID', PENDING: 'PENDING', DECLINED: 'FAILED', FAILED: 'FAILED', REFUNDED: 'REFUNDED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
};

/** https://developer.paypal.com/docs/api/payments/v2/#captures_get; the key is `client id:client secret`. */
const paypal: Provider = {
  host: 'https://api-m.paypal.com',
  knows: () => true,
  token: {
    call: (key) => ({
      path: '/v1/oauth2/token', method: 'POST', body: 'grant_type=client_credentials',
      headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
    }),
    read: (body) => z.parse(z.object({ access_token: z.string() }), body).access_token,
  },
  call: (reference, token) => ({ path: `/v2/payments/captures/${encodeURIComponent(reference)}`, headers: bearer(token) }),
  read: (body) => paypalStatus[z.parse(z.object({ status: z.string() }), body).status],
};

const squareStatus: Readonly<Record<string, Status>> = { COMPLETED: 'PAID', APPROVED: 'PENDING', PENDING: 'PENDING', CANCELED: 'VOIDED', FAILED: 'FAILED' };

/** https://developer.squareup.com/reference/square/payments-api/get-payment */
const square: Provider = {
  host: 'https://connect.squareup.com',
  knows: () => true,
  call: (reference, key) => ({ path: `/v2/payments/${encodeURIComponent(reference)}`, headers: { ...bearer(key), 'square-version': '2026-10-15' } }),
  read(body) {
    const { payment } = z.parse(z.object({ payment: z.object({ status: z.string(), total_money: z.optional(money), refunded_money: z.optional(money) }) }), body);
    const refunded = payment.refunded_money?.amount ?? 0;
    if (refunded === 0) return squareStatus[payment.status];
    return refunded >= (payment.total_money?.amount ?? refunded) ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  },
};

const adyenStatus: Readonly<Record<string, Status>> = { completed: 'PAID', paid: 'PAID', paymentPending: 'PENDING', active: 'PENDING', expired: 'VOIDED' };

/**
 * https://docs.adyen.com/api-explorer/Checkout/71/get/paymentLinks/(linkId). Adyen tells of payment links only; the state
 * of other payments (PSP references) comes by its webhooks alone.
 */
const adyen: Provider = {
  host: 'https://checkout-live.adyen.com',
  knows: (reference) => reference.startsWith('PL'),
  call: (reference, key) => ({ path: `/v71/paymentLinks/${encodeURIComponent(reference)}`, headers: { 'x-api-key': key } }),
  read: (body) => adyenStatus[z.parse(z.object({ status: z.string() }), body).status],
};

/** Every provider that can be asked, by its source name. */
export const providers: Readonly<Record<string, Provider>> = { stripe, paypal, square, adyen };
