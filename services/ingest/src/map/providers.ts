import { then, type Read } from './read.ts';

/** Our names of payment providers: shops write them inside their own words, such as `pp_stripe_stripe` or `saleor.app.payment.adyen`. */
const names = ['stripe', 'paypal', 'adyen', 'klarna', 'mollie', 'razorpay', 'square', 'braintree'];

/** Our name of the provider that a shop's word for a way to pay speaks of. */
export const providerIn = (read: Read<string>): Read<string> => then(read, (word) => names.find((name) => word.toLowerCase().includes(name)));
