import type { Order } from '@orderflow/shared/events';

/** An order for tests of this folder: two lines, 30.00 EUR, paid. */
export const givenOrder = (with_: Partial<Order> = {}): Order => ({
  key: 'canonical:default:1001',
  source: 'canonical',
  account: 'default',
  id: '1001',
  placedAt: '2026-11-22T09:00:00Z',
  status: 'NEW',
  currency: 'EUR',
  total: 3000,
  payment: { status: 'PAID', method: 'card', provider: 'stripe', reference: 'pi_1' },
  fulfilment: { status: 'UNFULFILLED' },
  customer: { id: 'c1', name: 'Ada', email: 'ada@example.com', address: { city: 'Graz', country: 'AT' } },
  lines: [
    { id: '1', productId: 'p1', quantity: 2, unitPrice: '10.00', total: 2000 },
    { id: '2', productId: 'p2', quantity: 1, unitPrice: '10.00', total: 1000 },
  ],
  ...with_,
});

export const givenSequence = (number: number): string => String(number).padStart(20, '0');
