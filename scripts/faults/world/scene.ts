import { setTimeout as pause } from 'node:timers/promises';
import { demo as canonical } from '../../../services/ingest/src/sources/canonical/demo.ts';
import type { DemoMessage } from '../../../services/ingest/src/sources/demo.ts';
import type { Said } from '../../demo/delivery.ts';
import { composedKey } from '../../demo/key.ts';
import { random, type Random } from '../../demo/random.ts';
import { saleIn, type Sale } from '../../demo/sale.ts';
import { keyOf } from '../../demo/says.ts';
import type { Ending } from '../../demo/story.ts';
import { idOf } from '../../start/scan/event-id.ts';
import { mustBe } from '../fault.ts';
import type { Rule } from './fault-rules.ts';
import { post, type Letter, type Reply } from './post.ts';
import { quiet, until } from './quiet.ts';
import type { World } from './world.ts';

/** One event of an order's life as a scene sends it. */
export interface Told {
  readonly letter: Letter;
  readonly says: readonly Said[];
}

/** What the customer wants back, as far as it is not the usual. */
interface Wish {
  readonly id?: string;
  readonly reason?: string;
  readonly comment?: string;
  readonly amount?: number;
}

const minute = 60_000;
const home = { source: 'canonical', account: 'default', currencies: ['EUR', 'GBP', 'USD', 'JPY'], payments: [{ source: 'stripe', account: 'default' }] };
/** Letters are numbered when they are sent. */
const unnumbered = { delivery: '', account: home.account };
let scenes = 0;

/** The stage as one fault plays on it: orders, customers, deliveries and rules of its own, never mixed with another's. */
export class Scene {
  readonly world: World;
  /** Begins every order id of this scene: what a rule must contain to strike nobody else. */
  readonly prefix: string;
  readonly random: Random;
  /** What the result shows besides green or red. */
  readonly notes: string[] = [];
  readonly #fault: string;
  #sales = 0;
  #deliveries = 0;

  constructor(world: World, fault: string) {
    this.world = world;
    this.#fault = fault;
    this.prefix = `f${fault}s${(scenes += 1)}`;
    this.random = random(world.seed, 'fault', fault);
  }

  /** A paid order of canonical:default by a customer that nobody else is, placed this morning; `changes` take its place. */
  sale(changes: Partial<Sale> = {}): Sale {
    const n = (this.#sales += 1);
    const id = `${this.prefix}-${n}`;
    const base = saleIn({ seed: this.world.seed, epoch: this.world.startedAt, onlyOrders: true, placedAt: () => this.world.startedAt - 720 * minute }, home, scenes * 1000 + n * 5);
    const name = `Q${this.prefix}x${n}z`;
    const { person: known } = base;
    const person = {
      ...(known ?? { street: 'Mill Lane 1', place: { city: 'London', state: 'ENG', country: 'GB', postalCode: 'EC1A 1BB', latitude: 51.5, longitude: -0.12 }, dateOfBirth: '1980-02-01', joinedAt: '2024-05-11T09:00:00Z' }),
      id: `c-${id}`, first: name, last: 'Fault', email: `${id}@example.com`.toLowerCase(), phone: `+44${String(7_000_000_000 + scenes * 10_000 + n)}`,
      latitude: Number((51.4 + scenes / 1e5 + n / 1e6).toFixed(6)), longitude: known?.longitude ?? -0.1278,
    };
    const sale: Sale = { ...base, channel: home, id, number: `#${id}`, payment: 'PAID', paymentReference: `pi_${id}`, paidThrough: 'stripe', person, comment: undefined, ...changes };
    if (sale.person) for (const secret of [sale.person.email, sale.person.first, sale.person.phone, String(sale.person.latitude)]) this.world.secrets.add(secret);
    return sale;
  }

  key = (sale: Sale): string => keyOf(sale);
  returnKey = (sale: Sale, id: string): string => composedKey(sale.channel.source, sale.channel.account, 'return', id);

  /** A delivery of any message; without an id it gets one of its own. */
  letter(message: Pick<DemoMessage, 'headers' | 'body'>, says: Said | readonly Said[], more: Partial<Letter> = {}): Told {
    const id = more.id ?? `${this.prefix}-d${(this.#deliveries += 1)}`;
    return { letter: { source: 'canonical', account: 'default', ...more, id, body: more.body ?? message.body, headers: { ...message.headers, ...more.headers } }, says: [says].flat() };
  }

  created(sale: Sale, more: Partial<Letter> = {}): Told {
    const { source, account } = sale.channel;
    return this.letter(canonical.ordered?.(sale, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: sale.placedAt, version: 1 }, unnumbered) as DemoMessage, { type: 'order.created', key: this.key(sale), currency: sale.currency, total: sale.total, lines: sale.lines.length }, { source, account, ...more });
  }

  /** `minutes` after the order was placed the order changed. */
  updated(sale: Sale, minutes: number, change: Readonly<Record<string, unknown>>, more: Partial<Letter> = {}): Told {
    const at = new Date(sale.placedAt + minutes * minute).toISOString();
    const body = JSON.stringify({ type: 'order.updated', timestamp: at, data: { update: { orderKey: this.key(sale), occurredAt: at, ...change } } });
    return this.letter({ headers: {}, body }, { type: 'order.updated', key: this.key(sale) }, more);
  }

  /** The customer asks for the first line back. */
  returned(sale: Sale, wish: Wish = {}, more: Partial<Letter> = {}): Told {
    const line = sale.lines[0] as Sale['lines'][number];
    const whole = { id: `r-${sale.id}`, at: sale.placedAt + 300 * minute, line, reason: 'damaged', comment: '', amount: line.total, ...wish };
    return this.letter(canonical.returned?.(sale, whole, unnumbered) as DemoMessage, { type: 'return.requested', key: this.returnKey(sale, whole.id), currency: sale.currency, amount: whole.amount }, more);
  }

  eventId = ({ letter }: Told, position = 0): string => idOf(letter.source, letter.account, letter.id, position);

  /** Sends it once and writes down the answer. */
  async send({ letter, says }: Told): Promise<Reply> {
    const ids = this.world.ledger.sent(this.#fault, letter, says, false);
    const reply = await post(this.world.stage.webhookPort, letter);
    if (reply.status < 300 && ids.length > 0) this.world.ledger.sent(this.#fault, letter, says, true);
    return reply;
  }

  /** Sends it as real senders do: again after a 429, a 5xx or a lost connection, later and later. `heard` is told each answer. */
  async insist(told: Told, heard?: (status: number, sentAt: number) => void): Promise<Reply> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      const sentAt = performance.now();
      const reply = await this.send(told).catch(() => undefined);
      if (reply) heard?.(reply.status, sentAt);
      if (reply && reply.status < 500 && reply.status !== 429) return reply;
      await pause(wait, undefined, { signal: this.world.signal });
    }
  }

  /** Sends them one after the other; each must be taken. */
  async take(...all: readonly Told[]): Promise<void> {
    for (const told of all) {
      const { status, body } = await this.send(told);
      mustBe(status, 200, `answer to ${told.says.map(({ type }) => type).join()} (${body.slice(0, 200)})`);
    }
  }

  note(line: string): void {
    this.notes.push(line);
  }

  ends(sale: Sale, ending: Ending): void {
    this.world.ledger.ends(this.key(sale), ending);
  }

  /** Rules that strike only what belongs to this scene: calls and payloads that contain its prefix. */
  rules(...rules: readonly Rule[]): Promise<void> {
    return this.world.rules.add(...rules.map((rule) => ({ containing: `${this.prefix}-`, ...rule })));
  }

  /** Waits until a rule has struck. */
  struck(id: string, times = 1): Promise<unknown> {
    return until(`rule ${id} striking ${times} times`, async () => (await this.world.rules.hits(id)) >= times, this.world);
  }

  quiet(): Promise<void> {
    return quiet(this.world);
  }

  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    return until(what, look, this.world);
  }
}
