import { formatDate, formatMoney, safeLink } from './format.ts';
import type { MailData, MailKind } from './mail-data.ts';

/** What an e-mail says, before it has a form. Everything here is raw text: the layouts escape it. */
export interface MailContent {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Goods with what they cost. */
  readonly items?: readonly { readonly name: string; readonly quantity: number; readonly price?: string }[];
  /** Label and value below each other; the last may be the sum. */
  readonly sums?: readonly { readonly label: string; readonly value: string; readonly strong?: boolean }[];
  readonly button?: { readonly label: string; readonly url: string };
}

type Contents = { readonly [K in MailKind]: (data: MailData<K>) => MailContent };
type Line = MailData<'return-received'>['lines'][number];
type Tracking = MailData<'shipped'>['tracking'];

/** More lines than this are counted instead of listed: an order of 1,000 lines is ordinary, its e-mail is not. */
const linesShown = 40;

const items = (lines: readonly Line[], money: (minor: number) => string) =>
  lines.slice(0, linesShown).map((line) => ({
    name: line.name,
    quantity: line.quantity,
    ...(line.total === undefined ? {} : { price: money(line.total) }),
  }));

const more = (lines: readonly Line[]): string[] =>
  lines.length <= linesShown ? [] : [`… and ${lines.length - linesShown} more lines.`];

const row = (label: string, value: string, strong = false) => ({ label, value, strong });
const optionalRow = (label: string, value: string | undefined) => (value === undefined ? [] : [row(label, value)]);

const track = (tracking: Tracking): Pick<MailContent, 'button'> => {
  const url = safeLink(tracking?.url);
  return url === undefined ? {} : { button: { label: 'Track your parcel', url } };
};

const parcelRows = (tracking: Tracking) => ({
  sums: [...optionalRow('Carrier', tracking?.carrier), ...optionalRow('Tracking number', tracking?.number)],
});

const refundRows = (data: { amount: number; currency: string; fee?: number | undefined; locale?: string | undefined }) => [
  ...optionalRow('Processing fee', data.fee ? formatMoney(data.fee, data.currency, data.locale) : undefined),
  row('Refund', formatMoney(data.amount, data.currency, data.locale), true),
];

const sendBack = (instructions: string | undefined): string =>
  instructions ?? 'Please send the goods back in their packaging with the return number inside. The refund follows once they have arrived.';

/** Line by line where that is known; else the one reason there is. */
const whyInPart = ({ reason, leftOut = [] }: MailData<'return-partial'>): string[] =>
  leftOut.length > 0
    ? [...leftOut.slice(0, linesShown).map((line) => `We cannot take back ${line.quantity} × ${line.name}: ${line.reason}.`), ...(leftOut.length > linesShown ? [`… and ${leftOut.length - linesShown} more.`] : [])]
    : reason === undefined ? [] : [`Reason: ${reason}`];

/** One entry a kind of e-mail: what it says. */
export const contents: Contents = {
  'order-confirmed': (data) => {
    const money = (minor: number) => formatMoney(minor, data.currency, data.locale);
    return {
      subject: `Order ${data.orderNumber} confirmed`,
      heading: 'Thank you for your order',
      paragraphs: [
        `We have received your order ${data.orderNumber} of ${formatDate(data.placedAt, data.locale)} and your payment, and are getting it ready.`,
        ...more(data.lines),
      ],
      items: items(data.lines, money),
      sums: [
        ...optionalRow('Discount', data.discount ? `−${money(Math.abs(data.discount))}` : undefined),
        ...optionalRow('Shipping', data.shipping === undefined ? undefined : money(data.shipping)),
        ...optionalRow('Tax', data.tax ? money(data.tax) : undefined),
        row('Total', money(data.total), true),
      ],
    };
  },
  'payment-failed': (data) => ({
    subject: `Payment for order ${data.orderNumber} did not go through`,
    heading: 'Your payment did not go through',
    paragraphs: [
      `Your order ${data.orderNumber} over ${formatMoney(data.total, data.currency, data.locale)} is kept for you, but the payment was refused.`,
      `Please try again or choose another way to pay at ${data.shop}. You need not order again.`,
    ],
  }),
  'order-cancelled': (data) => ({
    subject: `Order ${data.orderNumber} cancelled`,
    heading: 'Your order has been cancelled',
    paragraphs: [
      `Your order ${data.orderNumber} over ${formatMoney(data.total, data.currency, data.locale)} has been cancelled.`,
      ...(data.reason === undefined ? [] : [`Reason: ${data.reason}`]),
      'What you have already paid goes back the way it came.',
    ],
  }),
  shipped: (data) => ({
    subject: `Order ${data.orderNumber} is on its way`,
    heading: 'Your order is on its way',
    paragraphs: [
      `Your order ${data.orderNumber} has left our warehouse.`,
      ...(data.promisedAt === undefined ? [] : [`Expected on ${formatDate(data.promisedAt, data.locale)}.`]),
    ],
    ...parcelRows(data.tracking),
    ...track(data.tracking),
  }),
  'out-for-delivery': (data) => ({
    subject: `Order ${data.orderNumber} arrives today`,
    heading: 'Out for delivery',
    paragraphs: [`Your order ${data.orderNumber} is with the driver and should arrive today.`],
    ...parcelRows(data.tracking),
    ...track(data.tracking),
  }),
  delivered: (data) => ({
    subject: `Order ${data.orderNumber} delivered`,
    heading: 'Delivered',
    paragraphs: [
      data.deliveredAt === undefined
        ? `Your order ${data.orderNumber} has been delivered.`
        : `Your order ${data.orderNumber} was delivered on ${formatDate(data.deliveredAt, data.locale)}.`,
      ...(data.returnByDays === undefined ? [] : [`If something is not right you can send it back within ${data.returnByDays} days.`]),
    ],
  }),
  'return-received': (data) => ({
    subject: `We received your return request for order ${data.orderNumber}`,
    heading: 'Your return request is with us',
    paragraphs: [`Return ${data.returnId} for order ${data.orderNumber}. We answer as soon as we have looked at it.`, ...more(data.lines)],
    items: items(data.lines, String),
  }),
  'return-under-review': (data) => ({
    subject: `Your return for order ${data.orderNumber} is being reviewed`,
    heading: 'A colleague is looking at your return',
    paragraphs: [
      `Return ${data.returnId} for order ${data.orderNumber} needs a closer look by one of us. You need not do anything; please keep the goods until you hear from us.`,
    ],
  }),
  'return-approved': (data) => ({
    subject: `Your return for order ${data.orderNumber} is approved`,
    heading: 'Your return is approved',
    paragraphs: [`Return ${data.returnId} for order ${data.orderNumber} is approved.`, sendBack(data.instructions)],
    sums: refundRows(data),
  }),
  'return-partial': (data) => ({
    subject: `Your return for order ${data.orderNumber} is partly approved`,
    heading: 'Your return is partly approved',
    paragraphs: [
      `We can refund part of return ${data.returnId} for order ${data.orderNumber}.`,
      ...whyInPart(data),
      sendBack(data.instructions),
    ],
    sums: [
      ...optionalRow('Asked for', data.requested === undefined ? undefined : formatMoney(data.requested, data.currency, data.locale)),
      ...refundRows(data),
    ],
  }),
  'return-rejected': (data) => ({
    subject: `About your return for order ${data.orderNumber}`,
    heading: 'We cannot accept this return',
    paragraphs: [
      `We are sorry: return ${data.returnId} for order ${data.orderNumber} cannot be accepted.`,
      `Reason: ${data.reason}`,
      'If you see it differently, just answer this message and one of us will look at it again.',
    ],
  }),
};
