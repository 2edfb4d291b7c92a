import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { orderCreatedEvent } from '@orderflow/shared/testing';
import { publishedSchemas } from './published.ts';

const folder = join(process.cwd(), 'shared', 'events', 'published');

it('are what is committed', () => {
  for (const [name, text] of Object.entries(publishedSchemas())) expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
});

it('judge as the parser does', () => {
  const schema = JSON.parse(publishedSchemas()['order.created.schema.json'] ?? '{}');
  const validate = new Ajv({ strict: false }).compile(schema);
  const event = orderCreatedEvent();
  expect(validate(event)).toBe(true);
  expect(validate({ ...event, data: { order: { ...event.data.order, total: 1.5 } } })).toBe(false);
});
