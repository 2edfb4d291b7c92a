import * as z from 'zod/mini';
import { accountsOf, findAccount } from '@orderflow/shared/accounts';
import { composeKey, returnRequested, type DataOf } from '@orderflow/shared/events';
import type { InFlightItem } from '@orderflow/shared/store';

export type Returned = DataOf<'return.requested'>['return'];

/** The return in an item. @throws ZodError when the table holds what is none */
export const returnedIn = (item: InFlightItem): Returned => z.parse(returnRequested, item.data).return;

/** Key of the return in the warehouse: `<source>:<account>:<return id>`. */
export const returnKey = ({ event }: InFlightItem, { id }: Returned): string => composeKey(event.source, event.account, id);

/** What the shop tells its customers to do with goods that may come back, if it says so. */
export type Instructions = (item: InFlightItem) => string | undefined;
export const instructionsOf = (stage: string): Instructions => {
  const accounts = accountsOf(stage);
  return ({ event }) => findAccount(accounts, event.source, event.account)?.returnInstructions;
};

/** Says whether we write to the customer about this return: live, and an account that leaves it to us. */
export type MailRule = (item: InFlightItem) => boolean;
export const mailRuleOf = (stage: string): MailRule => {
  const accounts = accountsOf(stage);
  return ({ event, test, historical }) =>
    test !== true && historical !== true && findAccount(accounts, event.source, event.account)?.customerNotices === 'us';
};
