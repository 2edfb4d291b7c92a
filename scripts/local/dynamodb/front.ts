import { join } from 'node:path';
import type { CallLedger } from '../calls.ts';
import type { GateReport, GateRules } from '../gate/checkpoints.ts';
import { startWorker } from '../worker-host.ts';

/** DynamoDB in its own thread, on a port of its own; the router passes requests on to it. */
export interface DynamoDbFront {
  readonly port: number;
  /** One operation without the HTTP hop (CloudFormation, tests): answers its output, throws `AwsError`. Not counted. */
  call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Deletes what has passed its time to live now, not at the next round; answers how many. */
  expire(): Promise<number>;
  /** Brings the call ledger up to this moment. */
  tellCounts(): Promise<void>;
  /** New rules for a checkpoint of its gate. */
  tellGate(rules: GateRules): Promise<void>;
  close(): Promise<void>;
}

export async function startDynamoDb(options: { dataDir: string; codeDir: string; host: string; calls: CallLedger; onGateReport: (report: GateReport) => void }): Promise<DynamoDbFront> {
  const hosted = await startWorker(join(options.codeDir, 'dynamodb/worker.ts'), { file: join(options.dataDir, 'dynamodb.db'), host: options.host, port: 0 }, options.calls, (_name, payload) => options.onGateReport(payload as GateReport));
  return {
    port: hosted.port,
    call: (operation, input) => hosted.ask('call', { operation, input }) as Promise<Record<string, unknown>>,
    expire: () => hosted.ask('expire', undefined) as Promise<number>,
    tellGate: (rules) => hosted.ask('gate', rules) as Promise<void>,
    tellCounts: () => hosted.ask('tellCounts', undefined) as Promise<void>,
    close: () => hosted.close(),
  };
}
