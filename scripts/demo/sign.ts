import { createHmac } from 'node:crypto';

/** The secret of an account on the stage `local` (CONTRACTS "Identities and secrets, locally"). */
export const localSecret = (source: string, account: string): string =>
  account === 'default' ? `local-${source}-secret` : `local-${source}-${account}-secret`;

const hmac = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(text).digest();

/** The headers by which a sender of each source proves itself; `seconds` since 1970 where the scheme signs the time. */
export const signers: Readonly<Record<string, (secret: string, id: string, body: string, seconds: number) => Record<string, string>>> = {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  canonical: (secret, id, body, seconds) => ({
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${hmac(secret, `${id}.${seconds}.${body}`).toString('base64')}`,
  }),
  // https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook
  shopify: (secret, id, body) => ({
    'x-shopify-webhook-id': id,
    'x-shopify-hmac-sha256': hmac(secret, body).toString('base64'),
  }),
  // https://developers.squarespace.com/webhooks/verifying-notifications ; the secret is the key in hexadecimal, here its bytes
  squarespace: (secret, _id, body) => ({ 'squarespace-signature': hmac(secret, body).toString('hex') }),
  // https://docs.stripe.com/webhooks#verify-manually ; the delivery's id is the event's own, in the body
  stripe: (secret, _id, body, seconds) => ({
    'stripe-signature': `t=${seconds},v1=${hmac(secret, `${seconds}.${body}`).toString('hex')}`,
  }),
};
