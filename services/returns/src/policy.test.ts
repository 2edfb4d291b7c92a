import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReturnPolicy, shippedReturnPolicy } from '@orderflow/shared/domain';
import { returnPolicy, versioned } from './policy.ts';

it('names its content in its version, however it is written', () => {
  const { version, ...rest } = shippedReturnPolicy();
  expect(returnPolicy().version).toMatch(new RegExp(`^${version}\\+[0-9a-f]{12}$`));
  expect(versioned({ version, ...rest })).toEqual(versioned({ ...rest, version }));
  expect(versioned({ ...rest, version, model: { ...rest.model, approveAt: 0.5 } }).version).not.toBe(returnPolicy().version);
});

it('takes the example that the README shows', () => {
  const [, example] = /```json\n([^`]+)```/.exec(readFileSync(join(__dirname, '../README.md'), 'utf8')) ?? [];
  const rules = JSON.parse(`[${example}]`) as unknown[];
  expect(parseReturnPolicy({ ...shippedReturnPolicy(), rules }).rules).toEqual(rules);
});
