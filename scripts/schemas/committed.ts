import { account } from '@orderflow/shared/accounts';
import * as z from 'zod/mini';
import { publishedSchemas } from './published.ts';

/** What accounts.json may hold: accounts by stage. Editors know it by the file's `$schema`. */
function accountsSchema(): string {
  const one = z.toJSONSchema(account, { io: 'input', unrepresentable: 'any' });
  const { $schema, ...item } = one;
  return `${JSON.stringify({
    $schema, title: 'Accounts of sources, by stage', type: 'object',
    properties: { $schema: { type: 'string' } },
    additionalProperties: { type: 'array', items: item },
  }, undefined, 2)}\n`;
}

/** Path below the root → text, of every schema that is committed. */
export const committedSchemas = (): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(publishedSchemas()).map(([name, text]) => [`shared/events/published/${name}`, text])),
  'shared/accounts/accounts.schema.json': accountsSchema(),
});
