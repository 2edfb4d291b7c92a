import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemClock } from '../clock.ts';
import { openJournal } from '../journal.ts';
import { isOpen, merge, split } from '../kinesis/shards.ts';
import { StreamStore } from '../kinesis/stream-store.ts';
import type { InvocationResult } from '../lambda/function.ts';
import { startKinesisMapping } from './kinesis-mapping.ts';
import { mappingFrom } from './settings.ts';
import type { RunningMapping } from './running.ts';

type Answer = 'ok' | 'throws' | 'partial' | 'malformed' | 'unreached';
type Step = { readonly put: readonly number[] } | { readonly split: number } | { readonly merge: number } | { readonly kill: true };

const steps = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ split: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ merge: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant({ kill: true as const }) },
), { minLength: 3, maxLength: 14 });
const settings = fc.record({
  BatchSize: fc.integer({ min: 1, max: 8 }), ParallelizationFactor: fc.integer({ min: 1, max: 4 }), BisectBatchOnFunctionError: fc.boolean(),
  MaximumRetryAttempts: fc.constantFrom(-1, 0, 2),
});
/** What the function does, invocation after invocation; after these it succeeds. */
const answers = fc.array(fc.constantFrom<Answer>('ok', 'throws', 'partial', 'malformed', 'unreached'), { maxLength: 25 });

/** Changes the shards as the service's operations do. */
function reshard(store: StreamStore, step: Step): void {
  const stream = store.stream('events');
  const open = stream.shards.filter(isOpen).sort((a, b) => (a.start < b.start ? -1 : 1));
  const at = (place: number) => open[place % open.length]!;
  if ('split' in step) split(stream, at(step.split), at(step.split).start + (at(step.split).end - at(step.split).start) / 2n + 1n, store.maker);
  else if ('merge' in step && open.length > 1) {
    const left = step.merge % (open.length - 1);
    merge(stream, open[left]!, open[left + 1]!, store.maker);
  }
  store.changed(stream);
}

test('whatever fails, splits or is killed: a record comes to the function only when all before it of its key are done, and all are done in the end', async () => {
  await fc.assert(fc.asyncProperty(steps, settings, answers, async (run, chosen, planned) => {
    const folder = mkdtempSync(join(tmpdir(), 'order-'));
    const store = new StreamStore(join(folder, 'kinesis.db'));
    const journal = openJournal(join(folder, 'compute.sqlite'));
    store.ensure('events', { shardCount: 1 });
    const put: { key: string; n: number }[] = [];
    const done = new Set<number>();
    const wrong: string[] = [];
    const plan = [...planned];
    let life = 0;
    let tell = (): void => undefined;

    const begin = (): RunningMapping => {
      const mine = (life += 1);
      const definition = mappingFrom('u', 'f', 'arn:f', { EventSourceArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events', StartingPosition: 'TRIM_HORIZON', FunctionResponseTypes: ['ReportBatchItemFailures'], ...chosen });
      return startKinesisMapping(definition, {
        journal: { ...journal, write: (...given) => (mine === life ? journal.write(...given) : 0) }, clock: systemClock, region: 'eu-west-1', streams: store, gatherMs: 0, backoffMs: 0, backoffMaxMs: 1, roleOf: () => '', metric: () => undefined, report: () => undefined,
        invoke(_name, payload) {
          if (mine !== life) return new Promise(() => undefined); // of a killed process
          const records = (JSON.parse(payload) as { Records: { kinesis: { data: string; partitionKey: string; sequenceNumber: string } }[] }).Records.map(({ kinesis }) => ({ n: Number(Buffer.from(kinesis.data, 'base64').toString()), key: kinesis.partitionKey, sequence: kinesis.sequenceNumber }));
          const together = new Set<number>();
          for (const { n, key } of records) {
            const missing = put.find((one) => one.key === key && one.n < n && !done.has(one.n) && !together.has(one.n));
            if (missing) wrong.push(`${n} of ${key} came before ${missing.n}`);
            together.add(n);
          }
          const answer = plan.shift() ?? 'ok';
          return new Promise<InvocationResult>((resolve, reject) => setImmediate(() => {
            const result = (payloadText: string, more: object = {}) => resolve({ requestId: 'r', durationMs: 1, payload: payloadText, ...more });
            if (answer === 'unreached') return reject(new Error('Rate Exceeded.'));
            if (answer === 'throws') return result('{}', { functionError: 'Unhandled' });
            if (answer === 'malformed') return result('{"batchItemFailures":[{"itemIdentifier":""}]}');
            const from = answer === 'partial' ? Math.floor(records.length / 2) : records.length;
            if (mine === life) for (const { n } of records.slice(0, from)) done.add(n);
            result(JSON.stringify({ batchItemFailures: records.slice(from, from + 1).map(({ sequence }) => ({ itemIdentifier: sequence })) }));
            tell();
          }));
        },
        discard(_mapping, { records }) {
          if (mine === life) for (const record of records) done.add(Number(record.data.toString()));
          tell();
          return Promise.resolve();
        },
      });
    };

    let mapping = begin();
    for (const step of run) {
      if ('put' in step) {
        const records = step.put.map((key) => ({ partitionKey: `key-${key}`, data: Buffer.from(String(put.push({ key: `key-${key}`, n: put.length + 1 }))) }));
        store.append('events', store.route('events', records));
      } else if ('kill' in step) {
        void mapping.stop();
        mapping = begin();
      } else reshard(store, step);
      await new Promise((turn) => setImmediate(turn));
    }
    await new Promise<void>((all) => {
      tell = () => {
        if (put.every(({ n }) => done.has(n))) all();
      };
      tell();
    });
    life += 1;
    void mapping.stop();
    journal.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    expect(wrong).toEqual([]);
  }), { numRuns: 40 });
});
