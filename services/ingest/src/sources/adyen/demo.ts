import type { Demo, DemoSale, DemoState } from '../demo.ts';

/** Times with an offset and without milliseconds. */
const amsterdam = (ms: number): string => `${new Date(ms + 3_600_000).toISOString().slice(0, 19)}+01:00`;

/** Digits after the point of the currencies below, as Adyen counts them: CLP has two. */
const factor: Readonly<Record<string, number>> = { CLP: 100 };

const item = (sale: DemoSale, { at }: Pick<DemoState, 'at'>, eventCode: string, success: boolean) => ({
  NotificationRequestItem: {
    additionalData: { expiryDate: '03/2030', authCode: '012345', cardSummary: '1111' },
    amount: { currency: sale.currency, value: sale.total * (factor[sale.currency] ?? 1) },
    eventCode, eventDate: amsterdam(at), merchantAccountCode: 'DemoCOM', merchantReference: sale.id,
    operations: ['CANCEL', 'CAPTURE', 'REFUND'], paymentMethod: 'visa', pspReference: sale.paymentReference,
    reason: success ? '012345:1111:03/2030' : 'Refused', success: String(success),
  },
});

const body = (...items: readonly unknown[]) => ({
  headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify({ live: 'false', notificationItems: items }),
});

export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY', 'CLP'],
  // what has been authorised counts as paid, so what is still pending is not told of at all
  without: ['pending'],
  paid: (sale, state) => body(item(sale, state, 'AUTHORISATION', state.payment !== 'FAILED')),
  pinged: ({ delivery }) => body({ NotificationRequestItem: {
    additionalData: {}, amount: { currency: 'EUR', value: 0 }, eventCode: 'REPORT_AVAILABLE', eventDate: '2026-11-22T06:00:00+01:00', merchantAccountCode: 'DemoCOM',
    merchantReference: '', pspReference: `settlement_detail_report_batch_${delivery}.csv`, reason: `https://example.com/reports/${delivery}.csv`, success: 'true',
  } }),
};
