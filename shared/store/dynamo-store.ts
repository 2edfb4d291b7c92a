import { done, forget, release } from './dynamo-forget.ts';
import { due, get, look, statesOf } from './dynamo-read.ts';
import { pointPayment, receive } from './dynamo-receive.ts';
import { claimSent, recordSent, releaseSent, saveAndClaim } from './dynamo-sent.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { amendOrder, bookRefund, park, redact, save, wake } from './dynamo-write.ts';
import type { InFlightStore } from './port.ts';

/**
 * The in-flight table in DynamoDB. Every write carries an id of its own, so that one whose answer was lost is recognised
 * (FAULTS 36).
 */
export class DynamoStore implements InFlightStore {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  readonly receive: InFlightStore['receive'] = (...args) => receive(this.#table, ...args);
  readonly get: InFlightStore['get'] = (...args) => get(this.#table, ...args);
  readonly look: InFlightStore['look'] = (...args) => look(this.#table, ...args);
  readonly save: InFlightStore['save'] = (...args) => save(this.#table, ...args);
  readonly saveAndClaim: InFlightStore['saveAndClaim'] = (...args) => saveAndClaim(this.#table, ...args);
  readonly amendOrder: InFlightStore['amendOrder'] = (...args) => amendOrder(this.#table, ...args);
  readonly park: InFlightStore['park'] = (...args) => park(this.#table, ...args);
  readonly wake: InFlightStore['wake'] = (...args) => wake(this.#table, ...args);
  readonly claimSent: InFlightStore['claimSent'] = (...args) => claimSent(this.#table, ...args);
  readonly releaseSent: InFlightStore['releaseSent'] = (...args) => releaseSent(this.#table, ...args);
  readonly recordSent: InFlightStore['recordSent'] = (...args) => recordSent(this.#table, ...args);
  readonly done: InFlightStore['done'] = (...args) => done(this.#table, ...args);
  readonly forget: InFlightStore['forget'] = (...args) => forget(this.#table, ...args);
  readonly release: InFlightStore['release'] = (...args) => release(this.#table, ...args);
  readonly bookRefund: InFlightStore['bookRefund'] = (...args) => bookRefund(this.#table, ...args);
  readonly pointPayment: InFlightStore['pointPayment'] = (...args) => pointPayment(this.#table, ...args);
  readonly redact: InFlightStore['redact'] = (...args) => redact(this.#table, ...args);
  readonly statesOf: InFlightStore['statesOf'] = (...args) => statesOf(this.#table, ...args);
  readonly due: InFlightStore['due'] = (...args) => due(this.#table, ...args);
}
