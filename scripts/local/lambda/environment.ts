import { randomUUID } from 'node:crypto';
import type { Call, Environment, EnvironmentOptions } from './environment-contract.ts';
import { startFunctionThread, type FunctionThread } from './environment-thread.ts';
import { environmentKey, type FunctionDefinition, type InvocationResult } from './function.ts';
import type { FromFunction } from './inside/messages.ts';
import { exitError, outOfMemory, reportLine, responseTooLarge, timedOut, type Report } from './report.ts';

/** Loading a package is not the invocation's time, as on Lambda; a package that never loads must not hang either. */
const INIT_LIMIT_SECONDS = 30;
/** Share of its time that a waiting handler's event loop is busy with at most. */
const QUIET = 0.05;
const MEMORY_LOOK_MS = 250;
const TAIL_BYTES = 4096;

interface Running {
  readonly call: Call;
  started: number;
  timer: NodeJS.Timeout | undefined;
  readonly settle: (result: InvocationResult) => void;
  readonly lines: string[];
  memory: number;
}

export function startEnvironment(definition: FunctionDefinition, options: EnvironmentOptions): Environment {
  const id = randomUUID().replaceAll('-', '');
  const stream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${id}`;
  const born = performance.now();
  const limitMs = definition.timeoutSeconds * 1000;
  let sound = true;
  let idleSince = Date.now();
  let ready = false;
  let initMs: number | undefined;
  let current: Running | undefined;

  const log = (text: string, at?: number): void => {
    if (text === '') return;
    options.log(definition.logGroup, stream, text, at);
    if (current) {
      current.lines.push(text);
      if (current.lines.length > 200) current.lines.shift();
    }
  };
  const finish = (payload: string, how?: 'failed' | Report['died']): void => {
    if (!current) return;
    const { call, started, timer, settle, memory } = current;
    clearTimeout(timer);
    const durationMs = ready ? performance.now() - started : 0;
    const tooLarge = how === undefined ? responseTooLarge(payload) : undefined;
    log(`END RequestId: ${call.requestId}`);
    log(reportLine(definition, { requestId: call.requestId, durationMs, memoryBytes: memory, ...(initMs === undefined ? {} : { initMs }), ...(how && how !== 'failed' ? { died: how } : {}) }));
    const logTail = Buffer.from(current.lines.map((line) => `${line}\n`).join('')).subarray(-TAIL_BYTES).toString('utf8');
    initMs = undefined;
    current = undefined;
    idleSince = Date.now();
    settle({ requestId: call.requestId, payload: tooLarge ?? payload, durationMs, logTail, ...(how || tooLarge ? { functionError: 'Unhandled' } : {}) });
  };
  const end = (payload: string, how: Report['died'] = { errorType: (JSON.parse(payload) as { errorType: string }).errorType }): void => {
    sound = false;
    void thread.end();
    finish(payload, how);
  };
  const requestId = (): string => current?.call.requestId ?? '';
  const kill = (): void => end(exitError(requestId(), 'with error: signal: killed'));
  const timeOut = (): void => {
    const seconds = ready ? definition.timeoutSeconds : INIT_LIMIT_SECONDS;
    log(`${new Date().toISOString()} ${requestId()} Task timed out after ${seconds.toFixed(2)} seconds`);
    end(timedOut(requestId(), seconds), 'timeout');
  };
  /** Buffers are not on the heap, which alone V8 limits. */
  const lookAtMemory = (running: Running): void => {
    setTimeout(() => {
      if (current !== running || !sound) return;
      thread.memory().then((bytes) => {
        if (current !== running) return;
        running.memory = Math.max(running.memory, bytes);
        if (bytes > definition.memoryMb * 1_048_576) end(outOfMemory(requestId()));
        else lookAtMemory(running);
      }, () => undefined);
    }, MEMORY_LOOK_MS).unref();
  };
  const begin = (): void => {
    if (!current) return;
    const running = current;
    const { call } = running;
    const { disturbance } = call;
    clearTimeout(running.timer);
    running.started = performance.now();
    log(`START RequestId: ${call.requestId} Version: $LATEST`);
    if (disturbance?.kind === 'error') return finish(JSON.stringify({ errorType: disturbance.type, errorMessage: disturbance.message, trace: [] }), 'failed');
    if (disturbance?.kind === 'crash' && disturbance.when === 'before') return kill();
    running.timer = setTimeout(timeOut, disturbance?.kind === 'timeout' ? Math.min(limitMs, disturbance.ms ?? limitMs) : limitMs);
    if (disturbance?.kind === 'crash' && disturbance.when === 'during' && disturbance.ms !== undefined) setTimeout(() => current === running && kill(), disturbance.ms);
    lookAtMemory(running);
    const hand = (): void => {
      if (current !== running) return;
      thread.hand({
        id: call.requestId, payload: call.payload, arn: call.arn, deadline: Date.now() + limitMs - (performance.now() - running.started),
        ...(call.clientContext === undefined ? {} : { clientContext: call.clientContext }),
        ...(disturbance?.kind === 'skew' ? { skewMs: disturbance.ms } : {}),
        ...(disturbance?.kind === 'crash' && disturbance.when === 'during' && disturbance.calls !== undefined ? { crashAfterCalls: disturbance.calls } : {}),
      });
    };
    if (disturbance?.kind === 'delay') setTimeout(hand, disturbance.ms);
    else hand();
  };
  const take = (message: FromFunction): void => {
    if (message.kind === 'log') return message.entries.forEach(([at, text]) => log(text, at));
    if (!sound) return;
    if (message.kind === 'broken') return end(message.payload);
    if (message.kind === 'crash') return kill();
    if (message.kind === 'ready') {
      ready = true;
      initMs = performance.now() - born;
      return begin();
    }
    if (!current || message.id !== requestId()) return;
    const { disturbance } = current.call;
    current.memory = Math.max(current.memory, message.memory);
    if (disturbance?.kind === 'crash') return kill();
    // the result never arrives: the timer ends it
    if (disturbance?.kind === 'timeout') return;
    finish(message.payload, message.kind === 'failed' ? 'failed' : undefined);
  };
  log(`INIT_START Runtime Version: ${definition.runtime.replace(/\.x$/, '').replace(/(\d+)$/, ':$1')}.local`);
  const thread: FunctionThread = startFunctionThread(definition, { ...options, variables: { ...options.variables, AWS_LAMBDA_LOG_STREAM_NAME: stream }, temporary: `${options.temporaryRoot}/${id}` }, {
    message: take,
    outOfMemory: () => end(outOfMemory(requestId())),
    failed: (error) => end(JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') })),
    exited(code) {
      sound = false;
      finish(exitError(requestId(), code === 0 ? 'without providing a reason' : `with error: exit status ${code}`), { errorType: 'Runtime.ExitError' });
    },
    printed: (text) => text.split('\n').forEach((line) => log(line)),
  });

  return {
    get sound() {
      return sound;
    },
    get idleSince() {
      return idleSince;
    },
    key: environmentKey(definition),
    waitsFor: (ms) => ready && current !== undefined && performance.now() - current.started >= ms && thread.busy() < QUIET,
    invoke: (call) =>
      new Promise((settle) => {
        current = { call, started: performance.now(), timer: setTimeout(timeOut, INIT_LIMIT_SECONDS * 1000), settle, lines: [], memory: 0 };
        if (ready) begin();
      }),
    async dispose() {
      sound = false;
      await thread.end();
    },
  };
}
