import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Delivery } from '../intake/delivery.ts';
import { findSource } from '../sources/registry.ts';
import { answersContract } from '../testing/answers-contract.ts';
import { memoryIntake, signed } from '../testing/memory.ts';
import { handle } from './handle.ts';

const sample = JSON.parse(readFileSync(join(__dirname, '../../events/receive.json'), 'utf8')) as APIGatewayProxyEventV2;

/** A delivery as the HTTP API hands it over. */
const eventOf = ({ source, account, headers, body, method }: Delivery): APIGatewayProxyEventV2 => ({
  ...sample, pathParameters: { source, account }, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true,
  requestContext: { ...sample.requestContext, http: { ...sample.requestContext.http, method } },
});

answersContract(async (delivery, intake) => {
  const { statusCode = 0, headers = {}, body = '' } = await handle(eventOf(delivery), { ...intake, publicUrl: undefined });
  return { status: statusCode, headers: headers as Record<string, string>, body };
});

describe('receive', () => {
  it('says of a body that Lambda cannot take where it can be sent', async () => {
    const large = { ...findSource('canonical'), mostBytes: 10_000_000 } as NonNullable<ReturnType<typeof findSource>>;
    const send = async (bytes: number) =>
      handle(eventOf(signed('canonical', `"${'x'.repeat(bytes)}"`)), { ...memoryIntake({ sourceNamed: () => large }), publicUrl: undefined });
    expect(await send(4_000_001)).toMatchObject({ statusCode: 413, body: expect.stringContaining('producer fleet') as unknown });
    expect(await send(3_900_000)).toMatchObject({ statusCode: 200 });
    expect(await send(10_000_001)).toMatchObject({ statusCode: 413, body: expect.not.stringContaining('producer fleet') as unknown });
  });

  it('takes GET only where a source proves addresses by it', async () => {
    const get = (challenge?: object) => handle(
      { ...eventOf({ ...signed('canonical', ''), method: 'GET' }), rawQueryString: 'word=abc' },
      { ...memoryIntake({ sourceNamed: () => ({ ...findSource('canonical'), challenge }) as NonNullable<ReturnType<typeof findSource>> }), publicUrl: undefined },
    );
    expect(await get()).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
    expect(await get({ method: 'GET', from: { query: 'word' }, echo: 'plain' })).toMatchObject({ statusCode: 200, body: 'abc' });
  });

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
