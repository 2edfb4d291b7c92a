import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { accountsOf, findAccount } from '../../shared/accounts/index.ts';
import { mappingFor } from '../../services/ingest/src/take-file/plan.ts';
import { shippedMappings } from '../../services/ingest/src/take-file/shipped.ts';
import type { Input } from './options.ts';
import { CannotStart } from './preflight.ts';
import { textOf, type Columns } from './scan/csv.ts';
import { headerOf } from './scan/held.ts';
import { stageName } from './stage.ts';

/** A file that can be taken, and what the yardstick must know to add it up. */
export type Inspected =
  | { readonly format: 'csv'; readonly account: string; readonly mapping: unknown; readonly columns: Columns; readonly currency: string | undefined }
  | { readonly format: 'jsonl'; readonly account: string };

const columnOf = (place: unknown): string => (typeof place === 'string' ? place : ((place as { column: string }).column));

function ownMapping(file: string | undefined): unknown {
  if (file === undefined) return undefined;
  try {
    return parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new CannotStart(`--mapping ${file}: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** Looks at account, mapping and first line before anything is started. @throws CannotStart, one line that says what to do */
export async function inspect(input: Extract<Input, { kind: 'file' }>): Promise<Inspected> {
  const account = input.account ?? 'default';
  if (!findAccount(accountsOf(stageName), 'file-drop', account)) {
    throw new CannotStart(`--account ${account}: file-drop has no such account; configure it in shared/accounts/accounts.json`);
  }
  const own = ownMapping(input.mapping);
  let first = '';
  try {
    const text = await textOf(input.file);
    for await (const part of text) {
      first += part as string;
      if (first.trim() !== '') break;
    }
    text.destroy();
  } catch (error) {
    throw new CannotStart(`--events ${input.file}: it cannot be read (${(error as Error).message})`);
  }
  if (first.trim() === '') throw new CannotStart(`--events ${input.file}: the file is empty`);
  if (own === undefined && /^\s*[[{]/.test(first.replace(/^\uFEFF/, ''))) return { format: 'jsonl', account };
  const { delimiter, encoding } = (own ?? {}) as Pick<Columns, 'delimiter' | 'encoding'>;
  const header = await headerOf(input.file, { ...(delimiter !== undefined && { delimiter }), ...(encoding === 'latin1' && { encoding }) });
  try {
    const mapping = mappingFor(header, own, shippedMappings());
    return {
      format: 'csv', account, mapping: own, currency: typeof mapping.currency === 'string' ? mapping.currency : undefined,
      columns: {
        document: columnOf(mapping.document.id), quantity: columnOf(mapping.line.quantity), unitPrice: columnOf(mapping.line.unitPrice),
        delimiter: mapping.delimiter, decimal: mapping.decimal, encoding: mapping.encoding,
        ...(typeof mapping.document.id === 'object' && mapping.document.id.strip !== undefined && { strip: mapping.document.id.strip }),
      },
    };
  } catch (error) {
    throw new CannotStart(`--events ${input.file}: ${(error as Error).message}`);
  }
}
