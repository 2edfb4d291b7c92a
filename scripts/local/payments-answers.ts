/** How a payment stands, in the product's words; `GONE`: the provider does not know it. */
export type StandInStatus = 'PAID' | 'PENDING' | 'FAILED' | 'REFUNDED' | 'PARTIALLY_REFUNDED' | 'VOIDED' | 'GONE';

type Answers = Readonly<Record<Exclude<StandInStatus, 'GONE'>, object>>;

const charge = (refunded: boolean, amount: number) => ({ status: 'succeeded', latest_charge: { refunded, amount_refunded: amount } });
const squarePayment = (status: string, refunded = 0) => ({ payment: { status, total_money: { amount: 1000 }, refunded_money: { amount: refunded } } });

/** What each provider answers, by how the payment stands. */
const answers: Readonly<Record<string, Answers>> = {
  stripe: {
    PAID: charge(false, 0), REFUNDED: charge(true, 1000), PARTIALLY_REFUNDED: charge(false, 100), PENDING: { status: 'processing' },
    FAILED: { status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } }, VOIDED: { status: 'canceled' },
  },
  paypal: {
    PAID: { status: 'COMPLETED' }, REFUNDED: { status: 'REFUNDED' }, PARTIALLY_REFUNDED: { status: 'PARTIALLY_REFUNDED' },
    PENDING: { status: 'PENDING' }, FAILED: { status: 'DECLINED' }, VOIDED: { status: 'FAILED' },
  },
  square: {
    PAID: squarePayment('COMPLETED'), REFUNDED: squarePayment('COMPLETED', 1000), PARTIALLY_REFUNDED: squarePayment('COMPLETED', 100),
    PENDING: squarePayment('APPROVED'), FAILED: squarePayment('FAILED'), VOIDED: squarePayment('CANCELED'),
  },
  adyen: {
    PAID: { status: 'paid' }, REFUNDED: { status: 'paid' }, PARTIALLY_REFUNDED: { status: 'paid' },
    PENDING: { status: 'active' }, FAILED: { status: 'active' }, VOIDED: { status: 'expired' },
  },
};

/** The body that `provider` answers about one payment; nothing when it knows neither. */
export const answerOf = (provider: string, status: StandInStatus, id: string): object | undefined => {
  const known = Object.hasOwn(answers, provider) && status !== 'GONE' ? answers[provider]?.[status] : undefined;
  return known && { id, ...known };
};
