import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { orderCreatedEvent } from '@orderflow/shared/testing';
import { committedSchemas } from './committed.ts';
import { publishedSchemas } from './published.ts';

const committed = (name: string): string => readFileSync(join(__dirname, '../..', name), 'utf8');

it('are what is committed', () => {
  for (const [name, text] of Object.entries(committedSchemas())) expect([name, committed(name)]).toEqual([name, text]);
});

it('know the accounts of the local stage, and one that is none', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(committed('shared/accounts/accounts.schema.json')));
  const accounts = JSON.parse(committed('shared/accounts/accounts.json')) as { local: object[] };
  expect([validate(accounts), validate.errors]).toEqual([true, null]);
  for (const wrong of [{ role: 'steals' }, { currency: 'euro' }, { paysFor: ['shopify'] }, { colour: 'red' }]) {
    expect(validate({ ...accounts, dev: [{ source: 'shopify', account: 'default', role: 'sells', ...wrong }] })).toBe(false);
  }
});

it('judge as the parser does', () => {
  const schema = JSON.parse(publishedSchemas()['order.created.schema.json'] ?? '{}');
  const validate = new Ajv({ strict: false }).compile(schema);
  const event = orderCreatedEvent();
  expect(validate(event)).toBe(true);
  expect(validate({ ...event, data: { order: { ...event.data.order, total: 1.5 } } })).toBe(false);
});
