import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { region } from '../../start/stage.ts';
import { faultRules, type FaultRules } from './fault-rules.ts';
import { SendersLedger } from './ledger.ts';
import type { Processes } from './processes.ts';

/** A started stage with everything by which faults act on it and look at it. */
export interface World extends Processes {
  readonly seed: number;
  readonly rules: FaultRules;
  readonly ledger: SendersLedger;
  readonly lambda: LambdaClient;
  readonly states: SFNClient;
  readonly logs: CloudWatchLogsClient;
  readonly sns: SNSClient;
  readonly ses: SESv2Client;
  /** Texts that must show up in no log, alert, name or metric: what scenes make up for their customers. */
  readonly secrets: Set<string>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly signal: AbortSignal;
  /** Longer than this nothing is waited for, milliseconds. */
  patienceMs: number;
}

/** What is waited for comes in seconds; others may use the machine as well. */
const usualPatienceMs = 90_000;

export function openWorld(processes: Processes, seed: number, signal: AbortSignal): World {
  const common = { region, endpoint: `http://127.0.0.1:${processes.place.ports.aws}`, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const lambda = new LambdaClient(common);
  const states = new SFNClient(common);
  const logs = new CloudWatchLogsClient(common);
  const sns = new SNSClient(common);
  const ses = new SESv2Client(common);
  return {
    ...processes, seed, signal, lambda, states, logs, sns, ses,
    rules: faultRules(processes.place.ports.aws),
    ledger: new SendersLedger(),
    secrets: new Set(['local-canonical-secret', 'local-shopify-secret', 'local-stripe-secret']),
    startedAt: Date.now(),
    patienceMs: usualPatienceMs,
    async stop() {
      for (const client of [lambda, states, logs, sns, ses]) client.destroy();
      await processes.stop();
    },
  };
}
