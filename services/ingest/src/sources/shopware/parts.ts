import { exact, exactText, fieldsOf, readJson, Unreadable, type Fields } from '../../convert/index.ts';
import { ofOuter, text, then, type Read } from '../../map/index.ts';

/** An order holds everything that was ever tried; these are the parts that count. */

/** Of several payments the one that the order names (since 6.7), else the one made last. */
export function payment(order: Fields): Fields | undefined {
  const all = order.list('transactions');
  const named = order.text('primaryOrderTransactionId');
  const madeAt = (one: Fields): string => one.text('createdAt') ?? '';
  return all.find((one) => named !== undefined && one.text('id') === named) ?? all.reduce<Fields | undefined>((last, one) => (last === undefined || madeAt(one) >= madeAt(last) ? one : last), undefined);
}

/** Of several deliveries the one that the order names, else the first: the shop itself makes no more than one. */
export function delivery(order: Fields): Fields | undefined {
  const all = order.list('deliveries');
  const named = order.text('primaryOrderDeliveryId');
  return all.find((one) => named !== undefined && one.text('id') === named) ?? all[0];
}

/** Where it goes; for what is not sent, the address of the bill. */
export function address(order: Fields): Fields | undefined {
  const billing = order.text('billingAddressId');
  return delivery(order)?.child('shippingOrderAddress') ?? order.child('billingAddress')
    ?? order.list('addresses').find((one) => one.text('id') === billing) ?? order.list('addresses')[0];
}

/** What is sold: the parts of a bundle stand beside it, at prices that are the bundle's already. */
export const lines = (order: Fields): readonly Fields[] => order.list('lineItems').filter((line) => line.text('parentId') === undefined);

/** What one unit cost the shop: JSON in a text, net, in the shop's main currency; the order's is that times its factor. */
export const unitCost: Read<string> = (line, scope) => {
  const cost = then(text('payload.purchasePrices'), (json) => {
    const path = line.path('payload.purchasePrices');
    try {
      return fieldsOf(readJson(Buffer.from(json, 'utf8')), () => path).decimal('net');
    } catch (error) {
      throw error instanceof Unreadable ? new Unreadable(error.code, path, error.message) : error;
    }
  })(line, scope);
  const factor = ofOuter(text('currencyFactor'))(line, scope) ?? '1';
  if (cost === undefined || !/^\d+(\.\d+)?$/.test(factor)) return undefined;
  const [one, by] = [exact(cost), exact(factor)];
  const product = exactText({ units: one.units * by.units, scale: one.scale + by.scale });
  return /^-?\d{1,18}(\.\d{1,9})?$/.test(product) ? product : undefined;
};

/** The first number of a delivery's parcels. */
export const trackingNumber: Read<string> = (one) => {
  const codes = one.raw('trackingCodes');
  return Array.isArray(codes) && typeof codes[0] === 'string' && codes[0] !== '' ? codes[0] : undefined;
};
