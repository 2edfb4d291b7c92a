import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountsOf } from '@orderflow/shared/accounts';
import { accountFor } from '../../take-queue/whose.ts';
import { source } from './index.ts';

it.each(['order-change', 'order-change-eventbridge', 'offers'])('knows whose the message %s is by its seller', (name) => {
  const body = readFileSync(join(__dirname, 'fixtures', `${name}.json`));
  expect(accountFor(source, body, accountsOf('local'))).toMatchObject({ account: 'default', store: 'A1EXAMPLE2SELLER' });
});
