/**
 * The accounts that the owner has configured, by stage (accounts.json, packaged with every function that reads it): what
 * each may do, who writes to its customers, what an unknown payment means there. No secret stands in it.
 */
import byStage from './accounts.json' with { type: 'json' };
import { type Account, parseAccounts } from './account.ts';

export * from './account.ts';

const stages: Readonly<Record<string, unknown>> = byStage;

/** Accounts of a stage; none for a stage that accounts.json does not name. @throws Error, one line, if they contradict */
export const accountsOf = (stage: string): readonly Account[] => parseAccounts(stages[stage] ?? [], stage);
