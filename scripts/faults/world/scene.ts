import { setTimeout as pause } from 'node:timers/promises';
import * as canonical from '../../demo/canonical.ts';
import type { Message } from '../../demo/canonical.ts';
import type { Said } from '../../demo/delivery.ts';
import { composedKey } from '../../demo/key.ts';
import { random, type Random } from '../../demo/random.ts';
import { saleOf, type Sale } from '../../demo/sale.ts';
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

const minute = 60_000;
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
    const base = saleOf({ seed: this.world.seed, epoch: this.world.startedAt, onlyOrders: true, placedAt: () => this.world.startedAt - 720 * minute }, scenes * 1000 + n * 5);
    const name = `Q${this.prefix}x${n}z`;
    const { person: known } = base;
    const person = {
      ...(known ?? { street: 'Mill Lane 1', place: { city: 'London', state: 'ENG', country: 'GB', postalCode: 'EC1A 1BB', latitude: 51.5, longitude: -0.12 }, dateOfBirth: '1980-02-01', joinedAt: '2024-05-11T09:00:00Z' }),
      id: `c-${id}`, first: name, last: 'Fault', email: `${id}@example.com`.toLowerCase(), phone: `+44${String(7_000_000_000 + scenes * 10_000 + n)}`,
      latitude: Number((51.4 + scenes / 1e5 + n / 1e6).toFixed(6)), longitude: known?.longitude ?? -0.1278,
    };
    const sale: Sale = { ...base, channel: { source: 'canonical', account: 'default', currencies: ['EUR'] }, id, number: `#${id}`, payment: 'PAID', paymentReference: `pi_${id}`, person, comment: undefined, ...changes };
    if (sale.person) for (const secret of [sale.person.email, sale.person.first, sale.person.phone, String(sale.person.latitude)]) this.world.secrets.add(secret);
    return sale;
  }

  key = (sale: Sale): string => canonical.keyOf(sale);
  returnKey = (sale: Sale, id: string): string => composedKey(sale.channel.source, sale.channel.account, 'return', id);

  /** A delivery of any message; without an id it gets one of its own. */
  letter(message: Message, says: Said | readonly Said[], more: Partial<Letter> = {}): Told {
    const id = more.id ?? `${this.prefix}-d${(this.#deliveries += 1)}`;
    return { letter: { source: 'canonical', account: 'default', ...more, id, body: more.body ?? message.body, headers: { ...message.headers, ...more.headers } }, says: [says].flat() };
  }

  created(sale: Sale, more: Partial<Letter> = {}): Told {
    const { source, account } = sale.channel;
    return this.letter(canonical.created(sale), { type: 'order.created', key: this.key(sale), currency: sale.currency, total: sale.total, lines: sale.lines.length }, { source, account, ...more });
  }

  /** `minutes` after the order was placed the order changed. */
  updated(sale: Sale, minutes: number, change: Readonly<Record<string, unknown>>, more: Partial<Letter> = {}): Told {
    return this.letter(canonical.updated(sale, sale.placedAt + minutes * minute, change), { type: 'order.updated', key: this.key(sale) }, more);
  }

  returned(sale: Sale, wish: Partial<canonical.Wish> = {}, more: Partial<Letter> = {}): Told {
    const line = sale.lines[0];
    const whole = { id: `r-${sale.id}`, at: sale.placedAt + 300 * minute, reason: 'damaged', comment: undefined, amount: line?.total ?? 0, ...wish };
    return this.letter(canonical.returnAsked(sale, whole), { type: 'return.requested', key: this.returnKey(sale, whole.id), currency: sale.currency, amount: whole.amount }, more);
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
