import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { BadEnvironment, readEnv, serve } from './index.ts';

const context = {
  awsRequestId: 'request-1',
  functionName: 'orderflow-orders-test-consume',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:orderflow-orders-test-consume',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 1_000,
} as unknown as Context;

describe('the environment', () => {
  const schema = z.object({ TABLE: z.string(), LIMIT: z.coerce.number() });

  it('is parsed', () => expect(readEnv(schema, { TABLE: 't', LIMIT: '5', OTHER: 'x' })).toEqual({ TABLE: 't', LIMIT: 5 }));
  it('names what is missing and never a value', () => {
    expect(() => readEnv(schema, { LIMIT: 'secret' })).toThrow(BadEnvironment);
    expect(() => readEnv(schema, { LIMIT: 'secret' })).toThrow(/TABLE, LIMIT/);
    expect(() => readEnv(schema, { LIMIT: 'secret' })).not.toThrow(/secret/);
  });
});

describe('a served function', () => {
  const lines: string[] = [];
  let spies: jest.SpyInstance[];
  beforeEach(() => {
    lines.length = 0;
    spies = (['info', 'warn', 'error', 'log'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation((...text: unknown[]) => { lines.push(text.join(' ')); }),
    );
  });
  afterEach(() => { spies.forEach((spy) => spy.mockRestore()); });

  it('wires once, then handles each invocation', async () => {
    let wired = 0;
    const handler = serve({
      env: z.object({ PATH: z.string() }),
      deps: (_env, tools) => ({ ...tools, wired: ++wired }),
      handle: async (input: number, { wired: times }) => input + times,
    });
    expect([await handler(1, context), await handler(2, context)]).toEqual([2, 3]);
    expect(wired).toBe(1);
  });

  it('says what is missing before it does anything', async () => {
    const handler = serve({ env: z.object({ NO_SUCH_VARIABLE: z.string() }), deps: () => ({}), handle: async () => 'done' });
    await expect(handler({}, context)).rejects.toThrow('NO_SUCH_VARIABLE');
  });
});
