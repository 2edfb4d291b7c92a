import { join } from 'node:path';
import { conclude, measured } from './conclude.ts';
import { drop, keyOf, readingOf } from './file-drop.ts';
import type { Inspected } from './file-input.ts';
import { csvFacts, jsonlFacts } from './file-facts.ts';
import { begin, finish, untoldSince } from './finite.ts';
import type { Live } from './live.ts';
import type { Input, Options } from './options.ts';
import { pollLeftovers } from './poll-vendors.ts';
import { watchMemory } from './process-tree.ts';
import type { RunDeps } from './run-deps.ts';
import { textOf, totalsOf } from './scan/csv.ts';
import { jsonlExpected } from './scan/jsonl.ts';
import { settled } from './settle.ts';
import type { Stage } from './stage.ts';
import { countsOf } from './watch.ts';

/** A file through the file drop: puts it there, waits for rest, adds up both sides. @returns the exit status */
export async function runFile(
  stage: Stage, options: Options, input: Extract<Input, { kind: 'file' }>, inspected: Inspected, deps: RunDeps, live: Live, onTotal: (events: number) => void,
): Promise<number> {
  const { display, now, signal, root } = deps;
  const memory = watchMemory(process.pid);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutSeconds * 1000)]);
  live.state('waiting until what an earlier run left has come to rest');
  await pollLeftovers(stage, untoldSince({ epoch: now() }), limit);
  await settled(stage, { now, signal: limit });
  const begun = await begin(stage, join(options.dataDir, 'sender'), JSON.stringify(input), now());
  if (begun.resumed) display.say('resuming the run that was killed');
  live.startFrom(begun.baseline.counts);

  live.state(`adding up ${input.file}`);
  // for the bar only: a line that cannot be added up is looked at again when it is known what is in quarantine
  const documents = inspected.format === 'csv'
    ? await totalsOf(await textOf(input.file, inspected.columns.encoding), inspected.columns).then((totals) => totals.documents.size, () => 0)
    : 0;
  const jsonl = inspected.format === 'jsonl' ? await jsonlExpected(input.file, inspected.account) : undefined;
  onTotal(jsonl?.expected.length ?? documents);
  const key = keyOf(inspected.account, begun.record.id, input.file);
  await drop(stage, key, input.file, { ...(inspected.format === 'csv' && inspected.mapping !== undefined && { mapping: inspected.mapping }), live: input.live });

  live.state(`taking ${input.file}`);
  const startedAt = now();
  const showing = setInterval(() => void readingOf(stage, key).then(({ documents }) => live.accepted(documents), () => undefined), 1500);
  const quiet = await settled(stage, {
    now, signal: limit,
    onWait: (why) => live.state(`waiting: ${why}`),
    also: async () => {
      const { status } = await readingOf(stage, key);
      return status === 'DONE' || status === 'FAILED' ? '' : 'the file is being read';
    },
  }).finally(() => clearInterval(showing));
  if (signal.aborted) return 130;
  if (options.beforeScan !== undefined) await stage.warehouse.run(options.beforeScan);
  const reading = await readingOf(stage, key);
  if (reading.status === 'FAILED') display.say(`the file was refused: ${reading.message ?? 'see the quarantine'}`);
  for (const [code, lines] of Object.entries(reading.unknownCodes)) display.say(`NOTE: code ${code} is known to no rule of the mapping: ${lines} lines taken as products`);

  live.state('adding up the warehouse');
  const { usage, ...figures } = await measured(stage, begun.baseline, root);
  const facts = inspected.format === 'csv'
    ? await csvFacts(stage, input.file, inspected.columns, inspected.account, inspected.currency ?? 'all currencies', begun, deps)
    : await jsonlFacts(stage, jsonl ?? { lines: 0, expected: [], sent: [] }, begun.baseline);
  memory.stop();
  const seconds = Math.max(0, facts.lastCommitAt - startedAt) / 1000;
  const code = conclude({ ...figures, ...facts, seconds, peakRssMb: memory.peakMb(), timedOut: !quiet, ordersOnly: false }, usage, options, deps);
  live.counted(await countsOf(stage));
  if (quiet) finish(begun);
  live.state(code === 0 ? 'the run has ended; everything is accounted for' : 'the run has ended; not everything is right');
  return code;
}
