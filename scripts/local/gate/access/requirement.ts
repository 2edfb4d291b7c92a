import type { GatedCall } from '../gate.ts';
import type { Context } from './condition.ts';
import { ACCOUNT, REGION } from './judge.ts';

/** One thing that a caller must be allowed before its call runs. */
export interface Requirement {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** ARN; `*` for what has none. */
  readonly resource: string;
  readonly context?: Context;
}

/** What a call needs. Services and operations: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export type Requirements = (call: GatedCall, lookups: Lookups) => readonly Requirement[];

/** What only the services themselves know about a call's resource; each answers undefined for what it does not know. */
export interface Lookups {
  /** ARN of a secret, with its suffix. */
  secretArn?: (nameOrArn: string) => string | undefined;
  /** ARN of the state machine that waits for a task token. */
  machineOfToken?: (token: string) => string | undefined;
  /** The verified identity that mail of this address goes out under: the address or its domain. */
  mailIdentity?: (address: string) => string | undefined;
  /** Name of the stream that an iterator reads. */
  streamOfIterator?: (iterator: string) => string | undefined;
  /** Partition key attribute of a table (by name or ARN) or of one of its indexes. */
  partitionKey?: (table: string, index?: string) => string | undefined;
}

export const arn = (service: string, name: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;
/** Itself when it is an ARN already. */
export const arnOf = (service: string, kind: string, nameOrArn: unknown): string => {
  const text = typeof nameOrArn === 'string' ? nameOrArn : '';
  return text.startsWith('arn:') ? text : arn(service, kind + text);
};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
/** Parts of a path after its API version, decoded. */
export const pathParts = (call: GatedCall): string[] => call.path.split('/').slice(1).map((part) => decodeURIComponent(part));
