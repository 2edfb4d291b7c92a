import * as z from 'zod/mini';
import type { Clock } from '@orderflow/shared/lambda';
import { inParallel } from '../load-facts/finish.ts';

/** What `ask-source` of ingest answers. */
export const accountsAnswer = z.object({ accounts: z.array(z.object({ source: z.string(), account: z.string() })) });
export const saidAnswer = z.object({ outcome: z.string(), readTo: z.string(), events: z.int(), why: z.optional(z.string()) });

export interface SourceLists {
  accounts(): Promise<readonly { readonly source: string; readonly account: string }[]>;
  /** Reads a part of an account's list into lines of the run. */
  ask(input: { readonly run: string; readonly source: string; readonly account: string; readonly from: string }): Promise<z.infer<typeof saidAnswer>>;
}

export interface Unasked {
  readonly source: string;
  readonly account: string;
  readonly why: string;
}

interface Asking {
  readonly run: string;
  readonly from: number;
  readonly source: string | undefined;
}

/** Reads an account's list part by part. @returns why it could not be read to its end, if it could not */
async function whyNot(lists: SourceLists, asking: Parameters<SourceLists['ask']>[0], inTime: () => boolean): Promise<string | undefined> {
  for (let readTo = asking.from; ;) {
    if (!inTime()) return `not in time: read up to ${readTo}`;
    const said = await lists.ask({ ...asking, from: readTo }).catch((error: unknown) => error as Error);
    if (said instanceof Error) return said.message;
    if (said.outcome === 'polled') return undefined;
    if (said.outcome !== 'continued' || said.readTo <= readTo) return said.why ?? said.outcome;
    readTo = said.readTo;
  }
}

/** Has the list of every account read from a moment on. A source that does not answer is no difference: it is named apart. */
export async function askSources(lists: SourceLists, { run, from, source }: Asking, { clock, until }: { readonly clock: Clock; readonly until: number }): Promise<Unasked[]> {
  const unasked: Unasked[] = [];
  const accounts = (await lists.accounts()).filter((one) => source === undefined || one.source === source);
  await inParallel(accounts, async (one) => {
    const why = await whyNot(lists, { run, source: one.source, account: one.account, from: new Date(from).toISOString() }, () => clock() <= until);
    if (why !== undefined) unasked.push({ source: one.source, account: one.account, why });
  });
  return unasked.sort((a, b) => (`${a.source} ${a.account}` < `${b.source} ${b.account}` ? -1 : 1));
}
