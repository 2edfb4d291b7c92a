import { faultsOf, isPath, onEntering, rankOf, stepOf } from './transitions.ts';

describe('transition table', () => {
  it.each([
    ['order', 'NEW', 'CONFIRMED', 'forward'],
    ['order', 'CANCELLED', 'NEW', 'back'],
    ['payment', 'PENDING', 'PAID', 'forward'],
    ['payment', 'PAID', 'PAID', 'none'],
    ['fulfilment', 'UNFULFILLED', 'DELIVERED', 'forward'],
    ['fulfilment', 'DELIVERED', 'SHIPPED', 'back'],
    ['decision', 'APPROVED', 'REJECTED', undefined],
    ['decision', 'NEEDS_REVIEW', 'PARTIAL', 'forward'],
    ['refund', 'PAID', 'DUE', undefined],
  ] as const)('%s: %s → %s is %s', (group, from, to, step) => {
    expect(stepOf(group, from, to)).toBe(step);
  });

  it('ranks later states higher', () => {
    expect(rankOf('payment', 'PAID')).toBeGreaterThan(rankOf('payment', 'FAILED'));
    expect(rankOf('fulfilment', 'DELIVERED')).toBeGreaterThan(rankOf('fulfilment', 'SHIPPED'));
  });

  it('tells shipping from PACKED on and customers from SHIPPED on', () => {
    expect(onEntering('fulfilment', 'PARTIAL')).not.toHaveProperty('notice');
    expect(onEntering('fulfilment', 'PACKED')).toMatchObject({ notice: 'shipping' });
    expect(onEntering('fulfilment', 'DELIVERED')).toMatchObject({ notice: 'shipping', mail: 'delivered' });
  });

  it('knows a path from what is none', () => {
    expect(isPath('payment', ['PENDING', 'PENDING', 'FAILED', 'PAID'])).toBe(true);
    expect(isPath('decision', ['APPROVED', 'REJECTED'])).toBe(false);
    expect(isPath('order', ['LOST'])).toBe(false);
  });

  it('finds faults of a table', () => {
    const group = { A: { forward: ['B', 'X'], back: [] }, B: { forward: [], back: ['A', 'A'] }, C: { forward: ['A', 'B'], back: [] } };
    expect(faultsOf('t', group, true)).toEqual([
      't: A leads to X, which is no state', 't: A → C is missing', 't: B → A stands twice or leads nowhere', 't: B → C is missing',
    ]);
  });
});
