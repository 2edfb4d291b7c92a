import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../demo/delivery.ts';
import type { Signed } from '../../services/ingest/src/verify/index.ts';
import { forgedSecret, signedRequest } from '../demo/request.ts';
import type { Step } from '../demo/stream.ts';
import { isQueued } from './enqueue.ts';
import type { Answer } from './ledger.ts';

export interface SenderOptions {
  readonly port: number;
  /** The stand-in of the vendors' APIs: holds what a notice is about before the notice is sent. */
  readonly vendors?: string | undefined;
  /** Writes a message into the queue of its source, for those that come so. */
  readonly enqueue?: ((source: string, body: string) => Promise<void>) | undefined;
  /** Orders a second; absent: as fast as they are taken. */
  readonly rate: number | undefined;
  /** Requests under way at once. */
  readonly parallel?: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** True for what an earlier start of this run has an answer to. */
  readonly answered: (n: number) => boolean;
  readonly onAnswer: (answer: Answer, delivery: Delivery) => void;
}

const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, 16);

/** A delivery as its sender signs it now, for the producer's public address; a forgery is signed with a key that nobody has given out. */
function signed(delivery: Delivery, port: number, now: number): Signed {
  const { source, account, kind } = delivery;
  return signedRequest(delivery, { source, account, base: `http://127.0.0.1:${port}` }, now, kind === 'bad-signature' ? forgedSecret(source) : undefined);
}

function post(agent: Agent, { method, url, headers, body }: Signed): Promise<number> {
  return new Promise((done, fail) => {
    const sent = request(
      url, { agent, method, headers: { ...headers, 'content-length': body.byteLength }, timeout: 60_000 },
      (answer) => {
        answer.resume();
        answer.once('end', () => done(answer.statusCode ?? 0));
        answer.once('error', fail);
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('no answer within 60 s')));
    sent.once('error', fail);
    sent.end(body);
  });
}

/**
 * Sends a stream as real senders do: signed at the moment of sending, sent again after a 429, a 5xx or a lost
 * connection, later and later, until it is answered otherwise or the run is given up. Of what nobody tells, the
 * vendor's store is all that hears; the answer is the store's.
 */
export async function send(steps: Iterable<Step>, options: SenderOptions): Promise<void> {
  const { rate, signal, now } = options;
  const parallel = options.parallel ?? 24;
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const underWay = new Set<Promise<void>>();
  const stopped = (): boolean => signal.aborted;
  let wrong: Error | undefined;

  /** Hands a delivery over. @returns the answer; a queue that takes it answers 200 */
  const hand = async (delivery: Delivery): Promise<number> => {
    if (!options.enqueue || !isQueued(delivery.source)) return post(agent, signed(delivery, options.port, now()));
    await options.enqueue(delivery.source, delivery.body);
    return 200;
  };

  const deliver = async (delivery: Delivery): Promise<void> => {
    const sentAt = now();
    const { fetches, source, account } = delivery;
    for (let wait = 200; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        if (fetches) {
          const held = await fetch(`${options.vendors}/control/items/${source}/${encodeURIComponent(account)}/${encodeURIComponent(fetches.id)}?version=${fetches.version}`, { method: 'PUT', body: fetches.body, signal });
          // nobody will ever hold it: the run cannot go on
          if (held.status === 404) return void (wrong = new Error(`the stand-in of the vendors knows no ${source}`));
          if (!held.ok) throw new Error(`the stand-in of the vendors answers ${held.status}`);
        }
        const status = delivery.kind === 'untold' ? 200 : await hand(delivery);
        if (status < 500 && status !== 429) {
          options.onAnswer({ n: delivery.n, hash: hashOf(delivery.kind === 'untold' && fetches ? fetches.body : delivery.body), status, sentAt, answeredAt: now() }, delivery);
          return;
        }
      } catch {
        // no answer: it may or may not have been taken, so it is sent again
      }
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  };

  try {
    const started = now();
    let sales = 0;
    for (const { deliveries, sale } of steps) {
      if (stopped()) return;
      const fresh = deliveries.filter(({ n }) => !options.answered(n));
      // what is answered already takes no time of the rate either
      if (sale && rate !== undefined && fresh.length > 0) {
        const due = started + (sales++ * 1000) / rate;
        if (due > now()) await sleep(due - now(), undefined, { signal }).catch(() => undefined);
      }
      for (const delivery of fresh) {
        if (delivery.kind === 'repeat') await Promise.all(underWay); // its original has its answer
        while (underWay.size >= parallel) await Promise.race(underWay);
        if (stopped()) return;
        if (wrong) throw wrong;
        const task: Promise<void> = deliver(delivery).finally(() => underWay.delete(task));
        underWay.add(task);
      }
    }
    await Promise.all(underWay);
    if (wrong) throw wrong;
  } finally {
    agent.destroy();
  }
}
