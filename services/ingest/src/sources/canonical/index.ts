import type { Signature } from '../../verify/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

const signed: Signature = {
  algorithm: 'sha256',
  key: { decode: 'prefixed-base64', prefix: 'whsec_', never: 'whpk_' },
  message: [{ header: 'webhook-id' }, { literal: '.' }, { header: 'webhook-timestamp' }, { literal: '.' }, 'body'],
  header: 'webhook-signature',
  parser: { form: 'list', separator: ' ', prefix: 'v1,' },
  encoding: 'base64',
  freshness: { from: { header: 'webhook-timestamp' }, toleranceSeconds: 300 },
};

/** For senders who keep their key to themselves: the account's secret is then the public one, `whpk_` and 32 bytes in base64. */
const signedPublicly: Signature = {
  ...signed, algorithm: 'ed25519', key: { decode: 'ed25519', prefix: 'whpk_' }, parser: { form: 'list', separator: ' ', prefix: 'v1a,' },
};

/**
 * Our own format for systems without an adapter: one canonical event, or an array of them, signed by the Standard
 * Webhooks specification (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export const source: SourceDefinition = {
  name: 'canonical',
  title: 'Canonical JSON over Standard Webhooks',
  kind: 'generic',
  verified: true,
  verify: { anyOf: [signed, signedPublicly] },
  topic: { always: 'events' },
  delivery: [{ header: 'webhook-id' }],
  // the route is a formality here: each item names its own type
  routes: { sells: { events: 'order.created' }, payments: { events: 'payment.changed' } },
  toEvents,
};
