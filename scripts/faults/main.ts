import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { portsOf } from '../start/options.ts';
import { packageServices, serverlessPackage } from '../start/package.ts';
import { freeBase } from '../start/spawned.ts';
import { displayOn, resultLine } from './display.ts';
import { faults, missing } from './faults.ts';
import { guards } from './guards/list.ts';
import { readTried } from './guards/tried.ts';
import { tryGuards } from './guards/try-guards.ts';
import { matrixJson, matrixText } from './matrix.ts';
import { parseOptions, UsageError, type Options } from './options.ts';
import type { Result } from './result.ts';
import { playFault } from './run-faults.ts';
import { soak } from './soak.ts';
import { stages } from './stages.ts';
import { closeConnections } from './world/post.ts';

/** `npm run faults`: every fault of FAULTS.md whose parts exist, and after each all invariants. */
const root = dirname(dirname(import.meta.dirname));
const triedFile = join(import.meta.dirname, 'guards/tried.json');
const here = process.env['npm_lifecycle_event'] === 'faults' ? (process.env['INIT_CWD'] ?? process.cwd()) : process.cwd();
const placed = (path: string): string => (isAbsolute(path) ? path : resolve(here, path));

async function run(options: Options, signal: AbortSignal): Promise<number> {
  const display = displayOn(process.stdout);
  const packages = isAbsolute(options.packages) ? options.packages : resolve(root, options.packages);
  const dataDir = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'orderflow-faults-')) : placed(options.dataDir);
  const chosen = faults.filter(({ number, quick }) => (options.only ? options.only.includes(number) : !options.quick || quick === true));
  display.say(`seed ${options.seed}${options.minutes === undefined ? `; ${chosen.length} faults${options.quick ? ' of the quick subset' : ''}` : ''}`);
  await packageServices({ root, cache: packages, run: serverlessPackage(root, packages, signal), onPackaged: ({ service, cached }) => cached || display.say(`packaged ${service}`) });
  const all = stages({ root, dataDir, packages, ports: portsOf(options.portBase ?? (await freeBase())), seed: options.seed, signal, say: display.say });
  const results: Result[] = [];
  let useless: string[] = [];
  try {
    if (options.minutes !== undefined) {
      display.say(`soak of ${options.minutes} min over all sources`);
      const wrong = await soak(await all.world(), { minutes: options.minutes, seed: options.seed, say: display.say, at: (what) => display.at(0, 1, what) });
      display.say(wrong.length === 0 ? 'the soak is green' : `the soak is RED (seed ${options.seed}):\n${wrong.slice(0, 20).join('\n')}`);
      if (options.json !== undefined) writeFileSync(placed(options.json), `${JSON.stringify({ soak: { result: wrong.length === 0 ? 'green' : 'red', seed: options.seed, minutes: options.minutes, detail: wrong } }, undefined, 2)}\n`);
      return wrong.length === 0 ? 0 : 1;
    }
    if (options.guards) {
      const numbers = new Set(chosen.map(({ number }) => number));
      const own = guards.filter(({ fault }) => numbers.has(fault));
      useless = await tryGuards(own, { root, file: triedFile, stages: all, faults, say: display.say, at: (done, what) => display.at(done, own.length, what) });
      display.end();
    }
    for (const fault of options.guards ? [] : chosen) {
      display.at(results.length, chosen.length, `${fault.number} ${fault.title}`);
      const result = await playFault(fault, await all.world());
      results.push(result);
      display.say(resultLine(result));
      // what is wrong now would be found wrong after every later fault too
      if (result.result === 'red') await all.discard();
    }
  } finally {
    display.end();
    await all.discard();
    closeConnections();
  }
  if (options.guards) {
    display.say(useless.length === 0 ? 'every guard that was taken away was missed' : `STILL GREEN without: ${useless.join(', ')}`);
    return useless.length === 0 ? 0 : 1;
  }
  const wanted = options.only;
  results.push(...missing.filter(({ number }) => (wanted ? wanted.includes(number) : !options.quick)).map(({ number, title, comesWith }): Result => ({ number, title, result: 'not yet', guards: [], seconds: 0, detail: comesWith })));
  display.say(`\n${matrixText(results, readTried(triedFile))}`);
  if (options.json !== undefined) writeFileSync(placed(options.json), `${JSON.stringify(matrixJson(results), undefined, 2)}\n`);
  const red = results.some(({ result }) => result === 'red');
  if (options.dataDir === undefined && !red) rmSync(dataDir, { recursive: true, force: true });
  else display.say(`what the stages left lies in ${dataDir}`);
  return red ? 1 : 0;
}

async function main(): Promise<number> {
  const known = new Set([...faults, ...missing].map(({ number }) => number));
  const options = parseOptions(process.argv.slice(2), known);
  if ('help' in options) {
    process.stdout.write(`${options.help}\n`);
    return 0;
  }
  const stop = new AbortController();
  let signalled = 0;
  for (const [name, status] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    process.on(name, () => {
      signalled ||= status;
      stop.abort();
    });
  }
  return run(options, stop.signal).then((status) => signalled || status, (error: unknown) => {
    if (signalled) return signalled;
    throw error;
  });
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`faults: ${error instanceof UsageError || !(error instanceof Error) ? (error as Error).message : (error.stack ?? error.message)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
