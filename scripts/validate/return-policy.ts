import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReturnPolicy } from '@orderflow/shared/domain';
import type { Finding } from './template.ts';

const file = 'shared/domain/return-policy-rules.json';

/** The merchant's return policy can be read: valid JSON, known fields, amounts and days within their bounds. */
export function checkReturnPolicy(root: string): Finding[] {
  try {
    parseReturnPolicy(JSON.parse(readFileSync(join(root, file), 'utf8')));
    return [];
  } catch (error) {
    return [{ where: file, message: `${(error as Error).message}; services/returns/README.md shows what can stand there` }];
  }
}
