import { findAccount, type Account } from '@orderflow/shared/accounts';
import * as z from 'zod/mini';
import { checkHeader, chooseMapping, parseMapping, type Mapping } from './mapping.ts';

/** Beside `<key>`, uploaded before it: how to read it. */
export const sidecarKey = (key: string): string => `${key}.mapping.json`;

/** The mapping beside a file, or what a console makes for a folder. */
export const isNoFile = (key: string): boolean => key.endsWith(sidecarKey('')) || key.endsWith('/');

const sidecar = z.strictObject({
  /** A mapping; without one, a shipped mapping is chosen by the exact set of columns. */
  mapping: z.optional(z.unknown()),
  /** Orders of this file are new: customers and staff are told. Default: they are history. */
  live: z.optional(z.boolean()),
  /**
   * Documents of this CSV file replace what was taken of them before: their version is the time at which the file was
   * dropped, not their own.
   */
  corrects: z.optional(z.boolean()),
});

export type Sidecar = z.infer<typeof sidecar>;

/** Why a whole file cannot be taken; one line for its owner. */
export class FileRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FileRefused';
  }
}

/** @throws FileRefused */
export function readSidecar(bytes: Uint8Array | undefined): Sidecar {
  if (!bytes) return {};
  try {
    return z.parse(sidecar, JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    throw new FileRefused('the file’s .mapping.json is not { "mapping": {…}, "live": true|false, "corrects": true|false }');
  }
}

/** The account's name in `file-drop/<account>/<run>/<name>`, where it may be percent-encoded. */
export function accountNameOf(key: string): string {
  const name = key.split('/')[1] ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The account that a file is for. @throws FileRefused */
export function accountOf(key: string, accounts: readonly Account[]): Account {
  const name = accountNameOf(key);
  const account = findAccount(accounts, 'file-drop', name);
  if (!account) throw new FileRefused(`account file-drop:${name} is not configured; configure it in shared/accounts/accounts.json`);
  return account;
}

/** A file's own mapping; its delimiter and encoding must be known before the header can be read. @throws FileRefused */
export function ownMapping(own: unknown): Mapping | undefined {
  try {
    return own === undefined ? undefined : parseMapping(own);
  } catch (error) {
    throw new FileRefused(error instanceof Error ? error.message : 'the mapping cannot be read');
  }
}

/** The mapping for a file with this header: its own, else the one shipped that fits. @throws FileRefused */
export function mappingFor(header: readonly string[], own: unknown, shipped: readonly Mapping[]): Mapping {
  const given = ownMapping(own);
  try {
    const mapping = given ?? chooseMapping(header, shipped);
    checkHeader(header, mapping);
    return mapping;
  } catch (error) {
    throw new FileRefused(error instanceof Error ? error.message : 'the mapping cannot be read');
  }
}
