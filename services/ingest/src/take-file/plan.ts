import { findAccount, type Account } from '@orderflow/shared/accounts';
import * as z from 'zod/mini';
import { checkHeader, chooseMapping, parseMapping, type Mapping } from './mapping.ts';

/** Beside `<key>`, uploaded before it: how to read it. */
export const sidecarKey = (key: string): string => `${key}.mapping.json`;

const sidecar = z.strictObject({
  /** A mapping; without one, a shipped mapping is chosen by the exact set of columns. */
  mapping: z.optional(z.unknown()),
  /** Orders of this file are new: customers and staff are told. Default: they are history. */
  live: z.optional(z.boolean()),
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
    throw new FileRefused('the file’s .mapping.json is not { "mapping": {…}, "live": true|false }');
  }
}

/** The account in `file-drop/<account>/<run>/<name>`. @throws FileRefused */
export function accountOf(key: string, accounts: readonly Account[]): Account {
  const name = decodeURIComponent(key.split('/')[1] ?? '');
  const account = findAccount(accounts, 'file-drop', name);
  if (!account) throw new FileRefused(`account file-drop:${name} is not configured; configure it in shared/accounts/accounts.json`);
  return account;
}

/** The mapping for a file with this header: its own, else the one shipped that fits. @throws FileRefused */
export function mappingFor(header: readonly string[], own: unknown, shipped: readonly Mapping[]): Mapping {
  try {
    const mapping = own === undefined ? chooseMapping(header, shipped) : parseMapping(own);
    checkHeader(header, mapping);
    return mapping;
  } catch (error) {
    throw new FileRefused(error instanceof Error ? error.message : 'the mapping cannot be read');
  }
}
