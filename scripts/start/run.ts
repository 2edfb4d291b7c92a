import { enqueueWith } from './enqueue.ts';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoChannels } from '../demo/channels.ts';
import { shopsLagMs } from '../demo/sale.ts';
import { demoStream } from '../demo/stream.ts';
import { parseFaultRules } from '../local/faults/rules.ts';
import { boot, startProducer, type BootOptions } from './boot.ts';
import { Children, type Child } from './children.ts';
import { lockDataDir } from './data-lock.ts';
import { liveFigures, type Live } from './live.ts';
import { portsOf, type Input, type Options } from './options.ts';
import { packageServices, serverlessPackage } from './package.ts';
import { figuresFrom } from './figures.ts';
import { servePage } from './page.ts';
import { CannotStart, checkPorts, checkReadable, checkWritable } from './preflight.ts';
import type { RunDeps } from './run-deps.ts';
import { inspect } from './file-input.ts';
import { runFile } from './run-file.ts';
import { runOrders } from './run-orders.ts';
import { send } from './sender.ts';
import type { Stage } from './stage.ts';
import { countsOf, keepCounting } from './watch.ts';

/** Orders a second of the demo stream. */
const demoRate = 4;
/** Everything is gone this long after Ctrl-C, five seconds at most with what follows the kill. */
const stopWithinMs = 4000;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })));

/** @throws CannotStart unless the file holds rules of faults on demand */
function checkFaults(file: string): void {
  checkReadable('--faults', file);
  try {
    parseFaultRules(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CannotStart(`--faults ${file}: ${(error as Error).message}`);
  }
}

async function packageAll(cache: string, { root, display, now, signal }: RunDeps): Promise<void> {
  const started = now();
  const failed = new AbortController();
  const packaged = await packageServices({
    root, cache, run: serverlessPackage(root, cache, AbortSignal.any([signal, failed.signal])),
    onPackaged: ({ service, cached, ms }) => cached || display.say(`packaged ${service} (${(ms / 1000).toFixed(1)} s)`),
  }).catch((error: unknown) => {
    failed.abort();
    throw signal.aborted ? error : new CannotStart((error as Error).message);
  });
  const fresh = packaged.filter(({ cached }) => !cached).length;
  display.say(`packages: ${packaged.length} services, ${packaged.length - fresh} from the cache (${((now() - started) / 1000).toFixed(1)} s)`);
}

/** An endless day of the demo shops, until the signal. */
async function demoDay(stage: Stage, options: Options, { now, signal }: RunDeps, live: Live): Promise<void> {
  live.startFrom(await countsOf(stage));
  const epoch = now();
  const world = { seed: options.seed, epoch, onlyOrders: false, placedAt: () => now() - shopsLagMs, channels: demoChannels() };
  await send(demoStream(world, Infinity), {
    port: stage.webhookPort, vendors: stage.vendors, enqueue: enqueueWith(stage.sqs), rate: options.rate ?? demoRate, now, signal, answered: () => false, onAnswer: live.answered,
  });
}

function draw(live: Live, { display }: RunDeps, total: () => number | undefined): { stop(): void } {
  const timer = setInterval(() => display.show(live.status(), live.settled(), total()), 500);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/**
 * One whole run, from packaging to the end of everything it has started.
 * @returns the exit status. @throws CannotStart before anything is started
 */
export async function run(options: Options, deps: RunDeps): Promise<number> {
  const { display, signal } = deps;
  const ports = portsOf(options.portBase);
  const { input } = options;
  if (input?.kind === 'file') checkReadable('--events', input.file);
  if (input?.kind === 'file' && input.mapping !== undefined) checkReadable('--mapping', input.mapping);
  const inspected = input?.kind === 'file' ? await inspect(input) : undefined;
  if (options.faults !== undefined) checkFaults(options.faults);
  for (const name of ['report', 'usage'] as const) if (options[name] !== undefined) checkWritable(`--${name}`, options[name]);
  const unlock = lockDataDir(options.dataDir);
  let lost: string | undefined;
  const fault = new AbortController();
  const every = AbortSignal.any([signal, fault.signal]);
  const stopped = (): boolean => every.aborted;
  let bootOptions: BootOptions | undefined;
  const children = new Children((child: Child, how) => {
    if (child.name === 'producer' && bootOptions && !every.aborted) {
      // what the Auto Scaling group does on AWS
      display.say(`producer ended (${how}); starting another`);
      void startProducer(bootOptions).catch(() => fault.abort());
      return;
    }
    lost ??= `${child.name} ended (${how}): see ${join(options.dataDir, 'logs', `${child.name}.log`)}`;
    fault.abort();
  });
  const links = {
    webhooks: `http://127.0.0.1:${ports.webhooks}/webhooks/<source>[/<account>]`, page: `http://127.0.0.1:${ports.page}/`,
    figures: `http://127.0.0.1:${ports.page}/api/openapi.json`, aws: `http://127.0.0.1:${ports.aws}`, mail: `http://127.0.0.1:${ports.mail}/`,
  };
  const live = liveFigures(links);
  const closers: (() => void | Promise<void>)[] = [];

  try {
    await checkPorts(ports);
    mkdirSync(join(options.dataDir, 'logs'), { recursive: true });
    try {
      await packageAll(options.packages, deps);
    } catch (error) {
      if (!stopped()) throw error;
    }
    if (stopped()) return 130;
    bootOptions = { root: deps.root, dataDir: options.dataDir, packages: options.packages, ports, children, say: display.say, ...(options.faults === undefined ? {} : { cloudOptions: ['--faults', options.faults] }) };
    const booting = boot(bootOptions);
    booting.catch(() => undefined);
    const stage = await Promise.race([booting, aborted(every).then(() => undefined)]);
    if (!stage) return lost === undefined ? 130 : 1;
    closers.push(() => stage.close());
    const page = await servePage(ports.page, live.status, figuresFrom(stage.lambda));
    closers.push(() => page.close());
    for (const [name, address] of Object.entries(links)) display.say(`${name.padEnd(9)} ${address}`);
    const counting = keepCounting(stage, 1500, live.counted);
    closers.push(() => counting.stop());

    if (!input) {
      live.state('streaming a demo day; Ctrl-C stops everything');
      display.say('streaming a demo day; Ctrl-C stops everything');
      const drawing = draw(live, deps, () => undefined);
      closers.push(() => drawing.stop());
      await demoDay(stage, options, { ...deps, signal: every }, live);
      return lost === undefined ? 130 : 1;
    }
    let total: number | undefined;
    const drawing = draw(live, deps, () => total);
    closers.push(() => drawing.stop());
    const running = { ...deps, signal: every };
    const onTotal = (events: number): void => void (total = events);
    const code = input.kind === 'file' && inspected
      ? await runFile(stage, options, input, inspected, running, live, onTotal)
      : await runOrders(stage, options, input as Extract<Input, { kind: 'orders' }>, running, live, onTotal);
    drawing.stop();
    counting.stop();
    if (stopped()) return lost === undefined ? 130 : 1;
    if (!options.exit) {
      live.state(`the run has ended; ${code === 0 ? 'everything is accounted for' : 'not everything is right'}; all stays up until Ctrl-C`);
      display.say('the run has ended; everything stays up until Ctrl-C');
      await aborted(every);
      return lost === undefined ? 130 : 1;
    }
    return code;
  } finally {
    for (const close of closers.reverse()) await Promise.race([Promise.resolve(close()).catch(() => undefined), sleep(300)]);
    display.end();
    await children.stop(stopWithinMs);
    unlock();
    if (lost !== undefined) display.say(lost);
  }
}
