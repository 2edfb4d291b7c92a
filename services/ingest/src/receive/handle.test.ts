import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { memoryIntake } from '../testing/memory.ts';
import { handle } from './handle.ts';

const sample = JSON.parse(readFileSync(join(__dirname, '../../events/receive.json'), 'utf8')) as APIGatewayProxyEventV2;

describe('receive', () => {
  it('takes the committed sample', async () => {
    const intake = memoryIntake();
    expect(await handle(sample, { ...intake, publicUrl: undefined })).toMatchObject({ statusCode: 200 });
    expect(intake.events.map(({ partitionkey }) => partitionkey)).toEqual(['shopify:default:820982911946154508']);
  });

  it('takes a body in base64 and has the archive written before it answers', async () => {
    const intake = memoryIntake();
    let flushed = false;
    const archive = { ...intake.archive, flush: async () => void (flushed = true) };
    const event = { ...sample, body: Buffer.from(sample.body ?? '').toString('base64'), isBase64Encoded: true };
    expect(await handle(event, { ...intake, archive, publicUrl: undefined })).toMatchObject({ statusCode: 200 });
    expect(flushed).toBe(true);
  });

  it('answers 404 without a source', async () => {
    const { pathParameters: _, ...event } = sample;
    expect(await handle(event, { ...memoryIntake(), publicUrl: undefined })).toMatchObject({ statusCode: 404 });
  });
});
