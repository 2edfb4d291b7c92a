import { gzipSync } from 'node:zlib';
import type { Delivery } from '../intake/delivery.ts';
import { NothingDurable } from '../intake/ports.ts';
import type { Answer } from '../intake/refusals.ts';
import { memoryIntake, signed, type MemoryIntake } from './memory.ts';

const order = (id: string) => ({
  type: 'order.created',
  data: { order: { id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } },
});
const canonical = (body: unknown, options = {}): Delivery =>
  signed('canonical', typeof body === 'string' ? body : JSON.stringify(body), { 'webhook-id': 'm', 'content-type': 'application/json' }, options);
/** As a sender does who compresses what it has signed. */
const compressed = (delivery: Delivery, encoding = 'gzip', body: Uint8Array = gzipSync(delivery.body)): Delivery =>
  ({ ...delivery, headers: { ...delivery.headers, 'content-encoding': encoding }, body });

const nothingDurable = () => memoryIntake({ sink: { put: () => Promise.reject(new NothingDurable('x')) } });
const noSecret = () => memoryIntake({ secrets: { of: () => Promise.reject(new Error('down')), anew: async () => undefined } });

interface Case {
  readonly what: string;
  readonly delivery: Delivery;
  readonly status: number;
  /** What the body must hold: these fields, or exactly this text. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly intake?: () => MemoryIntake;
}

const json = { 'content-type': 'application/json' };

const cases: readonly Case[] = [
  { what: 'an order', delivery: canonical(order('1')), status: 200, body: { events: [expect.any(String)] }, headers: json },
  { what: 'an order, compressed', delivery: compressed(canonical(order('1'))), status: 200, body: { events: [expect.any(String)] } },
  { what: 'a good item and a bad one', delivery: canonical([order('1'), { type: 'x' }]), status: 200, body: { events: [expect.any(String)], quarantined: [{ code: 'missing' }] } },
  { what: 'no JSON', delivery: canonical('nonsense'), status: 200, body: { events: [], quarantined: [{ code: 'json' }] } },
  { what: 'a topic that is not used', delivery: signed('shopify', '{}', { 'x-shopify-topic': 'themes/publish' }), status: 200, body: '' },
  { what: 'an unknown source', delivery: signed('myspace', '{}'), status: 404, body: { error: 'unknown-address' }, headers: json },
  { what: 'files, which do not come over HTTP', delivery: signed('file-drop', '{}'), status: 404, body: { error: 'unknown-address' } },
  { what: 'an unknown account', delivery: canonical('{}', { account: 'nobody' }), status: 404, body: { error: 'unknown-address', message: 'no such source or account' } },
  { what: 'a wrong signature', delivery: canonical(order('1'), { secret: 'forged' }), status: 401, body: { error: 'signature-wrong' } },
  { what: 'no signature', delivery: { ...canonical(order('1')), headers: { 'webhook-id': 'm' } }, status: 401, body: { error: 'signature-missing' } },
  { what: 'a body over the source’s limit', delivery: canonical('x'.repeat(1_000_001)), status: 413, body: { error: 'too-large' } },
  { what: 'a body that inflates over it', delivery: compressed(canonical('x'.repeat(1_000_001))), status: 413, body: { error: 'too-large' } },
  { what: 'another encoding', delivery: compressed(canonical(order('1')), 'br'), status: 415, body: { error: 'encoding' }, headers: { 'accept-encoding': 'gzip, identity' } },
  { what: 'no such encoding', delivery: compressed(canonical(order('1')), 'gzip', Buffer.from('{}')), status: 400, body: { error: 'corrupt-encoding' } },
  { what: 'more than 1,000 events', delivery: canonical(Array.from({ length: 1_001 }, () => ({}))), status: 413, body: { error: 'too-many-events' } },
  { what: 'JSON nested 10,000 deep', delivery: canonical(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), status: 400, body: { error: 'depth' } },
  { what: 'nothing durable', delivery: canonical(order('1')), status: 503, body: { error: 'not-durable' }, headers: { 'retry-after': '5' }, intake: nothingDurable },
  { what: 'no secret', delivery: canonical(order('1')), status: 503, body: { error: 'secret-unavailable' }, headers: { 'retry-after': '5' }, intake: noSecret },
];

/**
 * What every way in answers, producer and `receive` alike.
 * @param send brings a delivery to an intake with these ports and returns what the sender sees
 */
export function answersContract(send: (delivery: Delivery, intake: MemoryIntake) => Promise<Answer>): void {
  describe('what a sender is answered', () => {
    it.each(cases)('$what: $status', async ({ delivery, status, body, headers = {}, intake = memoryIntake }) => {
      const answer = await send(delivery, intake());
      expect({ status: answer.status, headers: answer.headers }).toMatchObject({ status, headers });
      if (typeof body === 'string') expect(answer.body).toBe(body);
      else expect(JSON.parse(answer.body)).toMatchObject(body);
    });
  });
}
