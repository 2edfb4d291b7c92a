import { exact, exactText, exponentOf, moneyOfDecimal, Unreadable, type Fields } from '../../convert/index.ts';
import { scaled, type Read } from '../../map/index.ts';

/** A CentPrecisionMoney: `centAmount` of `fractionDigits` digits after the point. */
export const cents = (path: string): Read<number> => scaled(`${path}.centAmount`, `${path}.fractionDigits`);

const childAt = (fields: Fields, path: string): Fields | undefined => path.split('.').reduce<Fields | undefined>((at, name) => at?.child(name), fields);

/** Decimal text of a TypedMoney: a highPrecision one says in `preciseAmount` what its `centAmount` rounds. */
const decimalOf = (money: Fields): string | undefined => {
  const key = money.text('preciseAmount') === undefined ? 'centAmount' : 'preciseAmount';
  const amount = money.text(key);
  if (amount === undefined) return undefined;
  if (!/^-?\d{1,18}$/.test(amount)) throw new Unreadable('amount', money.path(key), 'is no whole number');
  const digits = money.integer('fractionDigits');
  if (digits !== undefined && (digits < 0 || digits > 20)) throw new Unreadable('amount', money.path('fractionDigits'), 'must be from 0 to 20');
  return exactText({ units: BigInt(amount), scale: digits ?? exponentOf(money.text('currencyCode') ?? '', money.path('currencyCode')) });
};

/** What one unit costs: of a line item its price, discounted by itself where it is; of a custom one its money. */
const listed: Read<string> = (line) => {
  const money = childAt(line, 'price.discounted.value') ?? childAt(line, 'price.value') ?? line.child('money');
  return money && decimalOf(money);
};

export const total = cents('totalPrice');

const gross: Read<number> = (line, scope) => {
  const price = listed(line, scope);
  if (price === undefined) return undefined;
  const one = exact(price);
  return moneyOfDecimal(exactText({ units: one.units * BigInt(line.integer('quantity') ?? 1), scale: one.scale }), scope.currency, line.path('price')).minor;
};

/** Nothing where the total is more than the price says, as with totals from outside: then a unit is what it is of the total. */
export const unitPrice: Read<string> = (line, scope) => ((gross(line, scope) ?? 0) < (total(line, scope) ?? 0) ? undefined : listed(line, scope));
export const discount: Read<number> = (line, scope) => {
  const less = (gross(line, scope) ?? 0) - (total(line, scope) ?? 0);
  return less > 0 ? less : undefined;
};
