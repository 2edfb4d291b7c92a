import type { WarehouseReader } from '@orderflow/shared/aws';
import type * as z from 'zod/mini';
import type { MessagesOf } from '../pipeline/messages.ts';

export interface Asking {
  readonly warehouse: WarehouseReader;
  /** What became of the workflows' mails and notices. */
  readonly messagesOf: MessagesOf;
  /** UTC. */
  readonly today: string;
}

/** Read only, all the way down. */
export type Told<T> = T extends readonly (infer One)[] ? readonly Told<One>[] : T extends object ? { readonly [K in keyof T]: Told<T[K]> } : T;

/** What answers a GET of the API: its filters and answer as schemas, from which the OpenAPI document is made. */
export interface Route<Query extends z.ZodMiniObject = z.ZodMiniObject, Answer extends z.ZodMiniType = z.ZodMiniType> {
  /** Below /api. */
  readonly path: string;
  readonly summary: string;
  /** How it is reckoned, with its formulas and caveats. */
  readonly description: string;
  readonly query: Query;
  readonly answer: Answer;
  /** Changes without a refresh: never answered from a cache. */
  readonly live?: boolean;
  /** @throws BadFilter, WarehouseFailed */
  readonly read: (query: z.output<Query>, asking: Asking) => Promise<Told<z.output<Answer>>>;
  /** Rows of the answer as a table; `rows` of the answer if left out. */
  readonly table?: (answer: Told<z.output<Answer>>) => readonly object[];
}

/** Keeps the types of filters and answer together. */
export const route = <Query extends z.ZodMiniObject, Answer extends z.ZodMiniType>(one: Route<Query, Answer>): Route => one;
