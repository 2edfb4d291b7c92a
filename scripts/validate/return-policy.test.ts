import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../start/spawned.ts';
import { checkReturnPolicy } from './return-policy.ts';

const repository = join(__dirname, '../..');
const written = (content: string): string => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'shared/domain'), { recursive: true });
  writeFileSync(join(root, 'shared/domain/return-policy-rules.json'), content);
  return root;
};

it('takes the policy that is shipped', () => {
  expect(checkReturnPolicy(repository)).toEqual([]);
});
it.each([['{ "version": "a", "rules": [', /JSON/], ['{ "version": "a", "rules": [{ "windowDays": "ten" }] }', /return policy: rules\.0\.windowDays: .*README/]])('says which field of %s is wrong, and where to look', (content, message) => {
  expect(checkReturnPolicy(written(content))).toEqual([{ where: 'shared/domain/return-policy-rules.json', message: expect.stringMatching(message) as unknown }]);
});
