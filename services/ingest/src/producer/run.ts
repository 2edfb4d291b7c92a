import type * as z from 'zod/mini';
import { systemClock, systemId } from '@orderflow/shared/lambda';
import { NothingDurable } from '../intake/ports.ts';
import { take } from '../intake/take.ts';
import { intakeOnAws } from '../intake/wire.ts';
import { sources } from '../sources/registry.ts';
import type { environment } from './env.ts';
import { webhookServer } from './server.ts';
import { lineLog, seldomLog } from './log.ts';
import { countingMeter } from './meter.ts';

/** After a write that nothing took, `/readyz` says no for this long. */
const unreadyMs = 10_000;
const reportEveryMs = 60_000;

export interface Running {
  readonly port: number;
  /** Stops accepting, finishes what is under way, writes what waits. */
  stop(): Promise<void>;
}

/** The long-running producer: wires intake to AWS and listens. */
export async function runProducer(env: z.infer<typeof environment>, write: (line: string) => void): Promise<Running> {
  const log = seldomLog(lineLog(write, systemClock, env.LOG_LEVEL), systemClock);
  const meter = countingMeter(write, systemClock, env.STAGE);
  const tools = { log, meter, clock: systemClock, newId: systemId };
  const intake = intakeOnAws(env, tools, { lingerMs: env.LINGER_MS, patience: 'brief' });
  let failedAt = Number.NEGATIVE_INFINITY;
  const sink = {
    put: async (...args: Parameters<typeof intake.sink.put>) => {
      try {
        await intake.sink.put(...args);
      } catch (error) {
        if (error instanceof NothingDurable) failedAt = systemClock();
        throw error;
      }
    },
  };
  const app = webhookServer({
    take: (delivery) => take(delivery, { ...intake, sink }),
    ready: () => systemClock() - failedAt > unreadyMs,
    clock: systemClock,
    publicUrl: env.PUBLIC_URL,
    mostBytes: Math.max(1_000_000, ...sources.map((source) => source.mostBytes ?? 0)),
  });
  await app.listen({ port: env.PORT, host: env.HOST });
  const address = app.server.address();
  const report = (): void => {
    log.flush();
    meter.report();
  };
  const reporting = setInterval(report, reportEveryMs);
  log.info('COLD_START', { accounts: intake.accounts.length });
  return {
    port: typeof address === 'object' && address !== null ? address.port : env.PORT,
    async stop() {
      clearInterval(reporting);
      await app.close();
      await intake.sink.drain();
      await intake.archive.flush();
      report();
    },
  };
}
