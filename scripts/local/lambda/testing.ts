import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { openJournal, type Journal } from '../journal.ts';
import type { FunctionDefinition } from './function.ts';
import type { DeadLetter, InvocationRecord } from './invocation-record.ts';
import { createLambdaRuntime, type InvokeOptions, type LambdaOptions, type LambdaRuntime } from './runtime.ts';

/** A runtime over a folder of its own, for tests. */
export interface RuntimeForTest {
  readonly runtime: LambdaRuntime;
  readonly journal: Journal;
  /** Log events so far. */
  readonly logs: string[];
  readonly sent: { destination: string; record: InvocationRecord }[];
  readonly buried: { target: string; payload: string; letter: DeadLetter }[];
  readonly metrics: { name: string; metric: string; value: number }[];
  /** Deploys `source` as `src/index.js`. */
  deploy(name: string, source: string, more?: Partial<FunctionDefinition>): void;
  call(name: string, input?: unknown, options?: InvokeOptions): Promise<{ readonly value: Record<string, unknown>; readonly functionError?: string; readonly durationMs: number; readonly logTail?: string }>;
  /** Resolves once something was sent, buried or logged that makes `true` of it. */
  until(true_: () => boolean): Promise<void>;
  /** The same folder, another process as it were. */
  reopen(more?: Partial<LambdaOptions>): Promise<void>;
  close(): Promise<void>;
}

export function openRuntime(options: Partial<LambdaOptions> = {}): RuntimeForTest {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  const logs: string[] = [];
  const sent: RuntimeForTest['sent'] = [];
  const buried: RuntimeForTest['buried'] = [];
  const metrics: RuntimeForTest['metrics'] = [];
  const waiting = new Set<() => void>();
  const happened = (): void => waiting.forEach((look) => look());
  let journal: Journal;
  let runtime: LambdaRuntime;
  const open = (more: Partial<LambdaOptions>): void => {
    journal = openJournal(join(folder, 'compute.sqlite'));
    runtime = createLambdaRuntime({
      inside: join(process.cwd(), 'scripts/local/lambda/inside'), cacheDir: join(folder, 'cache'), addresses: { region: 'eu-west-1', endpoints: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } },
      journal, clock: systemClock, asyncRetryDelayMs: 5, slowMs: 200,
      log(_group, _stream, text) {
        logs.push(text);
        happened();
      },
      metric: (name, metric, value) => void metrics.push({ name, metric, value }),
      send(destination, record) {
        sent.push({ destination, record });
        happened();
        return Promise.resolve();
      },
      bury(target, payload, letter) {
        buried.push({ target, payload, letter });
        happened();
        return Promise.resolve();
      },
      ...more,
    });
  };
  open(options);
  return {
    get runtime() {
      return runtime;
    },
    get journal() {
      return journal;
    },
    logs, sent, buried, metrics,
    deploy(name, source, more = {}) {
      const code = join(folder, `${name}-${Math.random().toString(36).slice(2)}`);
      mkdirSync(join(code, 'src'), { recursive: true });
      writeFileSync(join(code, 'src/index.js'), source);
      runtime.deploy({
        name, arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`, handler: 'src/index.handler', runtime: 'nodejs24.x', folder: code, codeSha256: '', codeSize: 1, memoryMb: 64,
        timeoutSeconds: 5, environment: { OWN: name }, role: 'role', accessKeyId: name, logGroup: `/aws/lambda/${name}`, ...more,
      });
    },
    async call(name, input = {}, more = {}) {
      const result = await runtime.invoke(name, JSON.stringify(input), more);
      return { ...result, value: JSON.parse(result.payload) as Record<string, unknown> };
    },
    until: (holds) =>
      new Promise((done) => {
        const look = (): void => {
          if (!holds()) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
      }),
    async reopen(more = {}) {
      await runtime.close();
      journal.close();
      open({ ...options, ...more });
    },
    async close() {
      await runtime.close();
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
