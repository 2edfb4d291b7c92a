import fc from 'fast-check';
import { orderCreatedEvent, orderUpdatedEvent } from '@orderflow/shared/testing';
import { asHistory, canonicalJson, composeKey, dataHash, eventHash, eventId, InvalidEvent, parseEvent, semanticKey, sequenceOf } from './index.ts';

describe('a canonical event', () => {
  it('is read back as it was written', () => {
    const event = orderCreatedEvent();
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it.each([
    ['a latitude of 91', { position: { latitude: 91, longitude: 0, from: 'order' as const } }, '$.data.order.position.latitude'],
    ['0,0 for unknown', { position: { latitude: 0, longitude: 0, from: 'order' as const } }, '$.data.order.position'],
    ['a float amount', { total: 29.99 }, '$.data.order.total'],
    ['a local time', { placedAt: '2026-11-22T09:30:00' }, '$.data.order.placedAt'],
    ['a day that does not exist', { placedAt: '2026-13-40T09:30:00Z' }, '$.data.order.placedAt'],
    ['a currency in words', { currency: 'Euro' }, '$.data.order.currency'],
  ])('names the field of %s', (_, over, path) => {
    const event = orderCreatedEvent();
    const bad = { ...event, data: { order: { ...event.data.order, ...over } } };
    const problem = (() => {
      try {
        parseEvent(bad);
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(problem).toBeInstanceOf(InvalidEvent);
    expect((problem as InvalidEvent).problems.map((one) => one.path)).toContain(path);
  });

  it('refuses a field that nobody knows', () => {
    const event = orderCreatedEvent();
    expect(() => parseEvent({ ...event, data: { ...event.data, surprise: 1 } })).toThrow(InvalidEvent);
  });
});

describe('identity', () => {
  it('keeps different parts different', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
        fc.pre(a !== c || b !== d);
        expect(composeKey(a, b)).not.toBe(composeKey(c, d));
        expect(eventId(a, b, 'x', 0)).not.toBe(eventId(c, d, 'x', 0));
      }),
    );
  });

  it('does not see the order of an object', () => {
    expect(dataHash({ a: 1, b: [{ c: 2, d: undefined }] })).toBe(dataHash({ b: [{ c: 2 }], a: 1 }));
    expect(canonicalJson({ b: 1, a: 'ü' })).toBe('{"a":"ü","b":1}');
  });

  it('tells two equal partial refunds apart by their id, and the same one twice not', () => {
    const refund = { partitionkey: 'k', type: 'return.requested', entity: 'r1', sequence: sequenceOf(1), data: { amount: 5 } };
    expect(semanticKey(refund)).toBe(semanticKey({ ...refund }));
    expect(semanticKey(refund)).not.toBe(semanticKey({ ...refund, entity: 'r2' }));
  });

  it('of an event is the same whether it counts as history or not', () => {
    const at = '2026-11-22T10:00:00Z';
    const { type: _, data: __, ...envelope } = orderUpdatedEvent();
    const others = [
      { ...envelope, type: 'return.requested', data: { return: { id: 'r', requestedAt: at, lines: [] } } },
      { ...envelope, type: 'adjustment.recorded', data: { adjustment: { id: 'a', kind: 'fee', at } } },
    ].map(parseEvent);
    for (const event of [orderCreatedEvent(), orderUpdatedEvent(), ...others]) {
      const late = asHistory(event);
      expect(JSON.stringify(parseEvent(late))).toContain('"historical":true');
      expect(eventHash(late)).toBe(eventHash(event));
    }
  });

  it('sorts sequences as numbers', () => {
    expect(sequenceOf(9) < sequenceOf(10)).toBe(true);
    expect(() => sequenceOf(-1)).toThrow(RangeError);
  });
});
