import type { Found, LoadedEvent, TableItem } from './found.ts';
import { idOf } from './event-id.ts';
import { settle, type Expected } from './settle.ts';

const expected = (id: string, acknowledged = true): Expected => ({ id, acknowledged, said: { type: 'order.updated', key: id } });
const loaded = (id: string, rows = 1): [string, LoadedEvent] => [id, { id, type: 'order.updated', key: id, rows, recordedAt: 0, committedAt: 1 }];
const item = (id: string, state: string, reason?: string): [string, TableItem] => [id, { state, reason, type: 'order.updated', key: id }];
const found = (over: { warehouse?: [string, LoadedEvent][]; quarantine?: string[]; table?: [string, TableItem][]; notices?: [string, string][] }): Found => ({
  warehouse: new Map(over.warehouse), table: new Map(over.table), notices: new Map(over.notices),
  quarantine: (over.quarantine ?? []).map((id) => ({ id: `q-${id}`, code: 'invalid', events: [`q-${id}`, id], at: 0, position: undefined, from: undefined, rawKey: '' })),
});

describe('settlement of a run', () => {
  it('knows the id of an event by its own reckoning', () => {
    expect(idOf('canonical', 'default', 'delivery-1001', 0)).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf('ab', 'c', 'd', 0)).not.toBe(idOf('a', 'bc', 'd', 0));
  });

  it('finds each event in its home', () => {
    const result = settle(['a', 'b', 'c', 'd'].map((id) => expected(id)), found({
      warehouse: [loaded('a')], quarantine: ['b'], table: [item('c', 'PARKED', 'payment-pending'), item('d', 'RECEIVED')],
    }));
    expect(result).toMatchObject({
      settled: { warehouse: 1, quarantine: 1, parked: 1, inFlight: 1 }, lost: [], duplicated: [], unexpected: [], recovered: [],
      reasons: { parked: { 'payment-pending': 1 }, quarantine: { invalid: 1 } },
    });
  });

  it('finds a notice where its fetch has ended', () => {
    const result = settle(['a', 'b', 'c', 'd'].map((id) => expected(id)), found({ notices: [['a', 'events'], ['b', 'dead-letter'], ['c', 'quarantined'], ['x', 'nothing']], quarantine: ['c'] }));
    expect(result).toMatchObject({ settled: { fetched: 1, parked: 1, quarantine: 1 }, lost: ['d'], unexpected: ['x'], duplicated: [], reasons: { parked: { 'dead-letter': 1 } } });
  });

  it('calls lost what was acknowledged and is nowhere, and nothing else', () => {
    expect(settle([expected('a'), expected('b', false)], found({}))).toMatchObject({ lost: ['a'], recovered: [] });
  });

  it('calls recovered what came through without an answer', () => {
    expect(settle([expected('a', false)], found({ warehouse: [loaded('a')] }))).toMatchObject({ recovered: ['a'], settled: { warehouse: 1 } });
  });

  it('calls duplicated what has two rows or two homes', () => {
    const result = settle([expected('a'), expected('b'), expected('c')], found({
      warehouse: [loaded('a', 2), loaded('b'), loaded('c')], quarantine: ['b'], table: [item('c', 'DONE')],
    }));
    expect(result.duplicated).toEqual(['a', 'b']);
  });

  it('calls unexpected what nobody sent, unless it was there before', () => {
    const all = found({ warehouse: [loaded('x'), loaded('old')], table: [item('y', 'PARKED')], quarantine: ['z'] });
    expect(settle([], all, new Set(['old'])).unexpected).toEqual(['x', 'y', 'quarantine q-z (invalid)']);
  });

  it('counts an event once, however often it was sent', () => {
    expect(settle([expected('a'), expected('a')], found({ warehouse: [loaded('a')] })).settled.warehouse).toBe(1);
  });
});
