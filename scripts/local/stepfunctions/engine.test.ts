import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { Documents } from '../documents.ts';
import { openJournal, type Journal } from '../journal.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './engine-contract.ts';
import type { ExecutionRow } from './store.ts';

type Handler = (input: never) => unknown;

/** A hundred times as fast: a second of a definition takes ten milliseconds. */
const SPEED = 100;
const began = Date.now();
const fastClock: Clock = {
  now: () => began + (Date.now() - began) * SPEED,
  after(ms, act) {
    const timer = setTimeout(act, Math.max(0, ms) / SPEED);
    return () => clearTimeout(timer);
  },
};

const ARN = 'arn:aws:states:eu-west-1:000000000000:stateMachine:m';
const fn = (name: string): string => `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;

let folder: string;
let opened: { engine: Engine; journal: Journal; documents: Documents }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'states-'));
  opened = [];
});
afterEach(() => {
  for (const { engine, journal, documents } of opened) {
    engine.close();
    journal.close();
    documents.close();
  }
  rmSync(folder, { recursive: true });
});

function open(definition: object, handlers: Record<string, Handler> = {}) {
  const journal = openJournal(join(folder, 'compute.sqlite'));
  const documents = new Documents(join(folder, 'documents.sqlite'));
  const ended = new Map<string, (row: ExecutionRow) => void>();
  const engine = createEngine({
    journal,
    clock: fastClock, region: 'eu-west-1', accountId: '000000000000', machines: documents.collection('state-machine'), actsAs: () => undefined,
    ports: {
      async invoke(name, payload) {
        try {
          const value = await handlers[name.split(':').pop()!]!(JSON.parse(payload) as never);
          return { payload: JSON.stringify(value ?? null), requestId: 'r' };
        } catch (error) {
          return { payload: JSON.stringify({ errorType: (error as Error).name, errorMessage: (error as Error).message }), functionError: 'Unhandled', requestId: 'r' };
        }
      },
      call: async (service, operation, input) => (await handlers[`${service}.${operation}`]!(input as never)) as never,
    },
    onStatus: (row) => {
      if (row.status !== 'RUNNING') ended.get(row.name)?.(row);
    },
  });
  engine.define({ name: 'm', roleArn: 'role', definition: JSON.stringify(definition) });
  opened.push({ engine, journal, documents });
  const settled = (name: string) => new Promise<ExecutionRow>((resolve) => ended.set(name, resolve));
  const run = async (input: unknown, name = 'one') => {
    const end = settled(name);
    await engine.start({ stateMachineArn: ARN, name, input: JSON.stringify(input) });
    const row = await end;
    return { ...row, value: row.output === null ? undefined : (JSON.parse(row.output) as unknown) };
  };
  /** As a kill would leave it. */
  const abandon = () => {
    engine.close();
    journal.close();
  };
  return { engine, journal, run, settled, abandon };
}

const task = (name: string, more: object = { End: true }) => ({ Type: 'Task', Resource: fn(name), ...more });

test('input and output are shaped by paths, templates and intrinsic functions', async () => {
  const { run } = open(
    { StartAt: 'A', States: {
      A: task('add', { InputPath: '$.in', Parameters: { 'n.$': '$.n', 'name.$': "States.Format('x-{}', $$.Execution.Name)" }, ResultSelector: { 'sum.$': '$.total' }, ResultPath: '$.out', Next: 'B' }),
      B: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.out.sum', NumericGreaterThan: 2 }, { Not: { Variable: '$.missing', IsPresent: true } }], Next: 'C' }], Default: 'D' },
      C: { Type: 'Pass', Parameters: { 'all.$': '$.list[*].v', 'kept.$': '$.out.sum' }, End: true },
      D: { Type: 'Fail', Error: 'No' },
    } },
    { add: ({ n, name }: { n: number; name: string }) => ({ total: n + 1, name }) },
  );
  expect(await run({ in: { n: 2 }, list: [{ v: 1 }, { v: 2 }] })).toMatchObject({ status: 'SUCCEEDED', value: { all: [1, 2], kept: 3 } });
});

test('a failing task is retried, then caught with the error beside the input', async () => {
  let calls = 0;
  const { run } = open(
    { StartAt: 'A', States: { A: task('f', { Retry: [{ ErrorEquals: ['TypeError'], IntervalSeconds: 1, MaxAttempts: 2 }], Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.why', Next: 'B' }], Next: 'B' }), B: { Type: 'Succeed' } } },
    { f: () => { calls += 1; throw new TypeError('bad'); } },
  );
  const { value } = await run({ k: 1 });
  expect(calls).toBe(3);
  expect(value).toMatchObject({ k: 1, why: { Error: 'TypeError' } });
});

test('Parallel and Map collect their results in order; a failure ends the execution', async () => {
  const { run } = open(
    { StartAt: 'P', States: {
      P: { Type: 'Parallel', Branches: [{ StartAt: 'X', States: { X: task('twice') } }, { StartAt: 'Y', States: { Y: { Type: 'Pass', Result: 7, End: true } } }], Next: 'M' },
      M: { Type: 'Map', MaxConcurrency: 2, ItemSelector: { 'n.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index' }, ItemProcessor: { StartAt: 'Z', States: { Z: task('check') } }, End: true },
    } },
    { twice: ({ n }: { n: number }) => n * 2, check: ({ n, i }: { n: number; i: number }) => { if (n === 13) throw new RangeError('unlucky'); return n + i; } },
  );
  expect((await run({ n: 4 })).value).toEqual([8, 8]);
  expect(await run({ n: 6.5 }, 'two')).toMatchObject({ status: 'FAILED', error: 'RangeError' });
});

test('starting again: same name and input while it runs is the same execution, afterwards a conflict', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  const { engine, settled } = open({ StartAt: 'A', States: { A: task('hold') } }, { hold: () => held });
  const end = settled('n');
  const first = await engine.start({ stateMachineArn: ARN, name: 'n', input: '{}' });
  expect(await engine.start({ stateMachineArn: ARN, name: 'n', input: '{}' })).toEqual(first);
  await expect(engine.start({ stateMachineArn: ARN, name: 'n', input: '{"a":1}' })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  release();
  await end;
  await expect(engine.start({ stateMachineArn: ARN, name: 'n', input: '{}' })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
});

test('states, executions and heartbeats time out', async () => {
  const never = () => new Promise<void>(() => undefined);
  const state = open({ StartAt: 'A', States: { A: task('never', { TimeoutSeconds: 5, End: true }) } }, { never });
  expect(await state.run({})).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  state.engine.define({ name: 'm2', roleArn: '', definition: JSON.stringify({ TimeoutSeconds: 5, StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } }) });
  const end = state.settled('late');
  await state.engine.start({ stateMachineArn: `${ARN}2`, name: 'late', input: '{}' });
  expect((await end).status).toBe('TIMED_OUT');
});

test('a token handed out before a kill is answered after it, and the task is not handed out twice', async () => {
  const tokens: string[] = [];
  const definition = { StartAt: 'Ask', States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish.waitForTaskToken', Parameters: { TopicArn: 't', Message: { 'token.$': '$$.Task.Token' } }, ResultPath: '$.answer', End: true } } };
  const handlers = { 'sns.Publish': ({ Message }: { Message: string }) => { tokens.push((JSON.parse(Message) as { token: string }).token); return {}; } };
  const first = open(definition, handlers);
  await first.engine.start({ stateMachineArn: ARN, name: 'one', input: '{"id":1}' });
  while (!first.journal.get('SELECT 1 FROM branch WHERE dispatched IS NOT NULL')) await new Promise(setImmediate);
  await first.journal.committed();
  first.abandon();
  const second = open(definition, handlers);
  const end = second.settled('one');
  expect(second.engine.resume()).toBe(1);
  await second.engine.tokens.answer(tokens[0]!, { output: '"APPROVED"' });
  expect(JSON.parse((await end).output!)).toEqual({ id: 1, answer: 'APPROVED' });
  expect(tokens).toHaveLength(1);
  await expect(second.engine.tokens.answer(tokens[0]!, { output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
});

test('after a kill an execution goes on in the state it was in', async () => {
  const seen: string[] = [];
  const definition = { StartAt: 'A', States: { A: task('a', { Next: 'B' }), B: task('b') } };
  const first = open(definition, { a: () => { seen.push('a'); return { from: 'a' }; }, b: () => new Promise<void>(() => seen.push('b?')) });
  await first.engine.start({ stateMachineArn: ARN, name: 'one', input: '{}' });
  while (!seen.includes('b?')) await new Promise(setImmediate);
  await first.journal.committed();
  first.abandon();
  const second = open(definition, { b: (input: object) => ({ ...input, done: true }) });
  const end = second.settled('one');
  second.engine.resume();
  expect(JSON.parse((await end).output!)).toEqual({ from: 'a', done: true });
  expect(seen).toEqual(['a', 'b?']);
});

test('redrive goes on at the failed state with its input', async () => {
  let broken = true;
  const seen: string[] = [];
  const { engine, run, settled } = open(
    { StartAt: 'A', States: { A: task('a', { Next: 'B' }), B: task('b') } },
    { a: () => { seen.push('a'); return { n: 1 }; }, b: ({ n }: { n: number }) => { seen.push('b'); if (broken) throw new Error('down'); return n + 1; } },
  );
  const failed = await run({});
  expect(failed.status).toBe('FAILED');
  broken = false;
  const end = settled('one');
  await engine.redrive(failed.arn);
  expect(await end).toMatchObject({ status: 'SUCCEEDED', output: '2', redrives: 1 });
  expect(seen).toEqual(['a', 'b', 'b']);
  await expect(engine.redrive(failed.arn)).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
});

test('JSONata and distributed maps are refused in one line', () => {
  const bad = (definition: object) => () => open(definition);
  expect(bad({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Succeed' } } })).toThrow('JSONata is not run');
  expect(bad({ StartAt: 'M', States: { M: { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'X', States: { X: { Type: 'Succeed' } } }, End: true } } })).toThrow('distributed Map');
});
