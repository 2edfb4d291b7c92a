import type * as z from 'zod/mini';
import { systemClock, systemId } from '@orderflow/shared/lambda';
import { NothingDurable } from '../intake/ports.ts';
import { refuse } from '../intake/refuse.ts';
import { seldomLog } from '../intake/seldom-log.ts';
import { take } from '../intake/take.ts';
import { intakeOnAws, publishedOnAws } from '../intake/wire.ts';
import { sources } from '../sources/registry.ts';
import { doorsOf } from './doors.ts';
import type { environment } from './env.ts';
import { forgersAt } from './forgers.ts';
import { lineLog } from './log.ts';
import { countingMeter } from './meter.ts';
import { durabilityProbes } from './probes.ts';
import { readinessOf } from './readiness.ts';
import { webhookServer } from './server.ts';
import { stopInOrder } from './stop.ts';

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
  const intake = { ...intakeOnAws(env, tools, { lingerMs: env.LINGER_MS, patience: 'brief' }), published: publishedOnAws(env, tools) };
  const readiness = readinessOf(durabilityProbes(env), systemClock);
  const sink: typeof intake.sink = {
    ...intake.sink,
    async put(events, account) {
      try {
        await intake.sink.put(events, account);
        if (events.length > 0) readiness.saw(true);
      } catch (error) {
        if (error instanceof NothingDurable) readiness.saw(false);
        throw error;
      }
    },
  };
  let stopping = false;
  const app = webhookServer({
    take: (delivery) => take(delivery, { ...intake, sink }),
    doors: doorsOf(sources, intake.accounts, env.MOST_PER_SECOND, systemClock()),
    forgers: forgersAt(),
    ready: readiness.ready,
    stopping: () => stopping,
    clock: systemClock,
    publicUrl: env.PUBLIC_URL,
    behindBalancer: env.BEHIND_BALANCER === 'yes',
    refuse: (reason, source, headers) => refuse(reason, tools, source, headers),
    failed: (error) => log.error('UNEXPECTED', { reason: error instanceof Error ? error.name : 'unknown' }),
  });
  await app.listen({ port: env.PORT, host: env.HOST });
  const address = app.server.address();
  const report = (): void => {
    log.flush();
    meter.report();
  };
  const reporting = setInterval(report, reportEveryMs);
  // opens the connections, too: the first delivery need not wait for them
  log.info('COLD_START', { accounts: intake.accounts.length, ready: await readiness.ready() });
  return {
    port: typeof address === 'object' && address !== null ? address.port : env.PORT,
    async stop() {
      clearInterval(reporting);
      await stopInOrder(
        {
          announce() {
            stopping = true;
          },
          server: app.server,
          close: () => app.close(),
          flush: () => Promise.all([sink.drain(), intake.archive.flush()]),
        },
        { noticeMs: env.DRAIN_NOTICE_SECONDS * 1_000, requestsMs: env.DRAIN_SECONDS * 600 },
      );
      report();
    },
  };
}
