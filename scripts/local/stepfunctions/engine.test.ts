import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
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
const outline = (engine: Engine, arn: string) => engine.history(arn).map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
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
  const { engine, run } = open(
    { StartAt: 'A', States: { A: task('f', { Retry: [{ ErrorEquals: ['TypeError'], IntervalSeconds: 1, MaxAttempts: 2 }], Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.why', Next: 'B' }], Next: 'B' }), B: { Type: 'Succeed' } } },
    { f: () => { calls += 1; throw new TypeError('bad'); } },
  );
  const { value } = await run({ k: 1 });
  expect(calls).toBe(3);
  // two states, two retries
  expect(engine.transitions()).toBe(4);
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

test('a token that is answered before the executions were resumed is not lost', async () => {
  const tokens: string[] = [];
  const definition = { StartAt: 'Ask', States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } }, HeartbeatSeconds: 600, End: true } } };
  const handlers = { 'sqs.SendMessage': ({ MessageBody }: { MessageBody: string }) => { tokens.push((JSON.parse(MessageBody) as { token: string }).token); return {}; } };
  const first = open(definition, handlers);
  await first.engine.start({ stateMachineArn: ARN, name: 'one', input: '{}' });
  while (!first.journal.get('SELECT 1 FROM branch WHERE dispatched IS NOT NULL')) await new Promise(setImmediate);
  await first.journal.committed();
  first.abandon();
  const second = open(definition, handlers);
  await second.engine.tokens.heartbeat(tokens[0]!);
  await second.engine.tokens.answer(tokens[0]!, { output: '"early"' });
  await expect(second.engine.tokens.answer(tokens[0]!, { output: '"again"' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
  const end = second.settled('one');
  second.engine.resume();
  expect((await end).output).toBe('"early"');
});

test('a task that answers its own token before it returns is not asked twice', async () => {
  const opened = open(
    { StartAt: 'Ask', States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } }, End: true } } },
    { 'sqs.SendMessage': async ({ MessageBody }: { MessageBody: string }) => { await opened.engine.tokens.answer((JSON.parse(MessageBody) as { token: string }).token, { output: '1' }); return {}; } },
  );
  expect(await opened.run({})).toMatchObject({ status: 'SUCCEEDED', output: '1' });
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

test('a failing iteration ends the others, and the history says so', async () => {
  const { engine, run } = open(
    { StartAt: 'M', States: { M: { Type: 'Map', ItemProcessor: { StartAt: 'Z', States: { Z: task('maybe') } }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }], Next: 'End' }, End: { Type: 'Succeed' } } },
    { maybe: (n: number) => (n === 1 ? Promise.reject(new RangeError('no')) : new Promise(() => undefined)) },
  );
  const row = await run([1, 2]);
  expect(row.status).toBe('SUCCEEDED');
  expect(outline(engine, row.arn)).toEqual([
    '1<0 ExecutionStarted', '2<0 MapStateEntered', '3<2 MapStateStarted', '4<3 MapIterationStarted', '5<4 TaskStateEntered', '6<5 LambdaFunctionScheduled', '7<3 MapIterationStarted', '8<7 TaskStateEntered', '9<8 LambdaFunctionScheduled',
    '10<6 LambdaFunctionStarted', '11<9 LambdaFunctionStarted', '12<10 LambdaFunctionFailed', '13<12 MapIterationFailed', '14<11 TaskStateAborted', '15<14 MapIterationAborted',
    '16<13 MapStateFailed', '17<16 MapStateExited', '18<17 SucceedStateEntered', '19<18 SucceedStateExited', '20<19 ExecutionSucceeded',
  ]);
});

test('a history of 25,000 events is full', async () => {
  const { engine, run } = open({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Choice', Choices: [{ Variable: '$.never', IsPresent: true, Next: 'C' }], Default: 'A' }, C: { Type: 'Succeed' } } });
  const row = await run({});
  expect(row).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: 'The execution reached the maximum number of history events (25000).' });
  expect(engine.history(row.arn).at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  expect(engine.notRedrivable(row)).toBe('Execution history event limit exceeded');
});

test('an execution that is stopped ends there, and can be redriven', async () => {
  let calls = 0;
  const { engine, settled } = open({ StartAt: 'A', States: { A: task('f') } }, { f: () => ((calls += 1) === 1 ? new Promise(() => undefined) : 'done') });
  const { executionArn } = await engine.start({ stateMachineArn: ARN, name: 'one', input: '{}' });
  while (calls === 0) await new Promise(setImmediate);
  const end = settled('one');
  const stopped = await engine.stop(executionArn, 'Halt', 'enough');
  expect(await end).toMatchObject({ status: 'ABORTED', error: 'Halt', stopped });
  expect(await engine.stop(executionArn)).toBe(stopped);
  expect(outline(engine, executionArn).at(-1)).toBe('5<4 ExecutionAborted');
  const again = settled('one');
  await engine.redrive(executionArn, 'token');
  expect(await again).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  expect(outline(engine, executionArn).slice(5)).toEqual(['6<5 ExecutionRedriven', '7<6 LambdaFunctionScheduled', '8<7 LambdaFunctionStarted', '9<8 LambdaFunctionSucceeded', '10<9 TaskStateExited', '11<10 ExecutionSucceeded']);
});

test('a redrive of a Map runs only the iterations that did not end', async () => {
  const seen: number[] = [];
  let broken = true;
  const { engine, run, settled } = open(
    { StartAt: 'M', States: { M: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: { StartAt: 'Z', States: { Z: task('f') } }, End: true } } },
    { f: (n: number) => { seen.push(n); if (n === 2 && broken) throw new RangeError('no'); return n * 10; } },
  );
  const failed = await run([1, 2, 3]);
  expect(failed).toMatchObject({ status: 'FAILED', error: 'RangeError' });
  broken = false;
  const end = settled('one');
  await engine.redrive(failed.arn);
  expect((await end).output).toBe('[10,20,30]');
  expect(seen).toEqual([1, 2, 2, 3]);
});

test('whatever a machine is built of, its result is right and its history whole', async () => {
  interface Built { flow: object; result: unknown }
  let names = 0;
  const leaf = fc.integer().map((value) => ({ kind: 'pass', value }) as const);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({ tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, fc.record({ kind: fc.constant('all'), parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }), fc.record({ kind: fc.constant('each'), size: fc.integer({ min: 0, max: 3 }), part: tie('tree') }), fc.record({ kind: fc.constant('then'), parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) })) }));
  type Tree = { kind: 'pass'; value: number } | { kind: 'all'; parts: Tree[] } | { kind: 'each'; size: number; part: Tree } | { kind: 'then'; parts: Tree[] };
  const states = (node: Tree, next: object): [string, Record<string, object>, unknown] => {
    const name = `s${(names += 1)}`;
    switch (node.kind) {
      case 'pass': return [name, { [name]: { Type: 'Pass', Result: node.value, ...next } }, node.value];
      case 'all': {
        const built = node.parts.map(build);
        return [name, { [name]: { Type: 'Parallel', Branches: built.map(({ flow }) => flow), ...next } }, built.map(({ result }) => result)];
      }
      case 'each': {
        const { flow, result } = build(node.part);
        const before = `${name}list`;
        return [before, { [before]: { Type: 'Pass', Result: Array.from({ length: node.size }, () => 0), Next: name }, [name]: { Type: 'Map', ItemProcessor: flow, ...next } }, Array.from({ length: node.size }, () => result)];
      }
      case 'then': {
        const last = states(node.parts.at(-1)!, next);
        return node.parts.slice(0, -1).reduceRight<[string, Record<string, object>, unknown]>(([start, all, result], part) => {
          const [name, mine] = states(part, { Next: start });
          return [name, { ...all, ...mine }, result];
        }, last);
      }
    }
  };
  const build = (node: Tree): Built => {
    const [StartAt, States, result] = states(node, { End: true });
    return { flow: { StartAt, States }, result };
  };
  const { engine, settled } = open({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
  let runs = 0;
  await fc.assert(fc.asyncProperty(tree, async (given) => {
    const { flow, result } = build(given as Tree);
    const name = `law-${(runs += 1)}`;
    const { arn } = engine.define({ name, roleArn: 'role', definition: JSON.stringify(flow) });
    const end = settled(name);
    const { executionArn } = await engine.start({ stateMachineArn: arn, name, input: '{}' });
    const row = await end;
    expect([row.status, JSON.parse(row.output ?? 'null')]).toEqual(['SUCCEEDED', result]);
    const events = engine.history(executionArn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, at) => at + 1));
    expect(events.every(({ id, previousEventId }) => previousEventId < id)).toBe(true);
    const count = (ending: string) => events.filter(({ type }) => type.endsWith(ending)).length;
    expect([count('StateEntered'), count('StateStarted'), count('IterationStarted')]).toEqual([count('StateExited'), count('StateSucceeded'), count('IterationSucceeded')]);
  }), { numRuns: 40 });
});
