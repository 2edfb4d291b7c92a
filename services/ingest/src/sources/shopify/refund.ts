import { orderKey, sequenceOfTime } from '@orderflow/shared/events';
import { moneyOfDecimal, present, timeOfText, type Fields } from '../../convert/index.ts';
import type { Items, ReadingContext } from '../definition.ts';

function lineOf(line: Fields, currency: string | undefined) {
  const bought = line.child('line_item');
  const subtotal = line.decimal('subtotal');
  return present({
    id: line.id('id'),
    lineId: line.text('line_item_id'),
    productId: bought?.text('product_id'),
    sku: bought?.text('sku'),
    name: bought?.text('name') ?? bought?.text('title'),
    quantity: line.integer('quantity') ?? 1,
    amount: subtotal === undefined || currency === undefined ? undefined
      : moneyOfDecimal(subtotal, currency, line.path('subtotal')).minor,
    class: bought?.flag('gift_card') === true ? ('giftCard' as const) : undefined,
  });
}

/** A refund that the shop has already made. It may have no lines: then only money went back. */
export function refundOf(refund: Fields, context: ReadingContext): Items {
  const { source, account } = context.account;
  const time = timeOfText(refund.id('created_at'), refund.path('created_at'), { now: context.receivedAt });
  const paidBack = refund.list('transactions')
    .filter((one) => one.text('kind') === 'refund' && one.text('status') === 'success');
  const currency = paidBack[0]?.text('currency') ?? context.account.currency;
  const amount = currency === undefined ? undefined
    : paidBack.reduce((sum, one) => sum + moneyOfDecimal(one.id('amount'), currency, one.path('amount')).minor, 0);
  const data = {
    return: present({
      id: refund.id('id'),
      orderKey: orderKey(source, account, refund.id('order_id')),
      requestedAt: time,
      decided: present({ outcome: 'APPROVED' as const, amount, at: time, by: 'source' as const }),
      comment: refund.text('note'),
      currency,
      amount,
      test: paidBack.some((one) => one.flag('test') === true) ? true : undefined,
      lines: refund.list('refund_line_items').map((line) => lineOf(line, currency)),
    }),
  };
  return [{ type: 'return.requested', time, sequence: sequenceOfTime(time), data }];
}
