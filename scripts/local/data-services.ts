import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CallLedger } from './calls.ts';
import { Documents } from './documents.ts';
import { startDynamoDb } from './dynamodb/front.ts';
import type { DynamoDbFront } from './dynamodb/front.ts';
import { openGate } from './gate/checkpoints.ts';
import type { GateReport } from './gate/checkpoints.ts';
import type { Judge } from './gate/access/judge.ts';
import type { Lookups } from './gate/access/requirement.ts';
import type { Gate } from './gate/gate.ts';
import { kinesisAdmin } from './kinesis/admin.ts';
import { streamOfIterator } from './kinesis/read-records.ts';
import { kinesisService } from './kinesis/service.ts';
import { StreamStore } from './kinesis/stream-store.ts';
import type { Streams } from './kinesis/streams.ts';
import { logsService } from './logs.ts';
import type { LogStore } from './logs.ts';
import { startOutbox } from './mail/outbox.ts';
import { sesService } from './mail/ses.ts';
import { MailStore } from './mail/store.ts';
import { metricsService } from './metrics.ts';
import type { MetricStore } from './metrics.ts';
import type { Alarms } from './alarms/alarms.ts';
import { parametersService } from './parameters.ts';
import { startRouter } from './router.ts';
import type { Router } from './router.ts';
import { secretsService } from './secrets.ts';
import type { SecretStore } from './secrets.ts';
import { startStorage } from './storage/front.ts';
import type { StorageFront } from './storage/front.ts';
import { subscriptionsAdmin } from './storage/subscriptions-admin.ts';
import { stsService } from './sts.ts';

/** Where the local cloud keeps its data and listens. */
export interface DataServicesOptions {
  /** Everything on disk stands below this folder; a restart with the same one finds all of it again. */
  readonly dataDir: string;
  /** The one AWS port; 0 = a free one. */
  readonly port: number;
  /** Port of the mail outbox; 0 = a free one. */
  readonly mailPort: number;
  /** Address to listen on, default `127.0.0.1`. */
  readonly host?: string;
  /** Folder of this file (`import.meta.dirname` in the entry file): where the worker threads' sources stand. */
  readonly codeDir: string;
}

/** The data services, started. Every one is already registered with the router. */
export interface DataServices {
  readonly router: Router;
  /** Counts of AWS calls over all endpoints: the one port and the services' own ones. `settleCalls` first brings it up to now. */
  readonly calls: CallLedger;
  readonly settleCalls: () => Promise<void>;
  readonly kinesis: Streams;
  readonly dynamodb: DynamoDbFront;
  readonly storage: StorageFront;
  readonly mail: MailStore;
  readonly secrets: SecretStore;
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly alarms: Alarms;
  /** The gates of all endpoints: the one port's own, rules for all of them, what they report. */
  readonly gate: {
    readonly own: Gate;
    /** Who may do what; the one of this thread. */
    readonly judge: Judge;
    /** Where services that start later add what they know of their resources. */
    readonly lookups: Lookups;
    tell(checkpoint: string, rules: unknown): Promise<void>;
    onReport(listen: (report: GateReport) => void): void;
  };
  readonly ports: { readonly aws: number; readonly mail: number; readonly dynamodb: number; readonly storage: number };
  /** `AWS_ENDPOINT_URL…` variables to give to functions: DynamoDB, S3, SQS and SNS skip the router. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Data on disk, listeners and worker threads gone; within 2 s. */
  close(): Promise<void>;
}

/** Starts all of them, or none: what fails (a busy port) is thrown as one clear line after the others were closed. */
export async function startDataServices(options: DataServicesOptions): Promise<DataServices> {
  const { dataDir, codeDir, host = '127.0.0.1' } = options;
  mkdirSync(dataDir, { recursive: true });
  const opened: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  const closing = <T extends { close(): unknown }>(one: T): T => (opened.push(() => one.close()), one);

  const gateListeners = new Set<(report: GateReport) => void>();
  const onGateReport = (report: GateReport): void => gateListeners.forEach((listen) => listen(report));

  try {
    const calls = closing(new CallLedger(join(dataDir, 'calls.db')));
    const lookups: Lookups = {
      streamOfIterator,
      secretArn: (id) => secrets.store.arn(id),
      mailIdentity: (address) => [address, address.slice(address.lastIndexOf('@') + 1)].map((name) => name.toLowerCase()).find((name) => mail.setting('identity', name) !== undefined),
    };
    const gate = openGate(onGateReport, lookups);
    const router = closing(await startRouter({ port: options.port, host, calls, gate }));
    const mail = closing(new MailStore(join(dataDir, 'mail.db')));
    const outbox = closing(await startOutbox(mail, options.mailPort, host));
    const documents = closing(new Documents(join(dataDir, 'documents.db')));
    const [dynamodb, storage] = await Promise.all([
      startDynamoDb({ dataDir, codeDir, host, calls, onGateReport }).then(closing),
      startStorage({
        dataDir, codeDir, host, calls, onGateReport,
        deliverMail: ({ topicArn, endpoint, subject, message, messageId, subscriptionArn }) => void mail.deliver(
          { from: 'no-reply@sns.amazonaws.com', to: [endpoint], subject: subject ?? 'AWS Notification Message', text: message, headers: { topic: topicArn }, via: 'sns' }, `${messageId}-${subscriptionArn.split(':').at(-1)}`),
      }).then(closing),
    ]);
    const metrics = closing(metricsService(join(dataDir, 'metrics.db')));
    const streams = closing(new StreamStore(join(dataDir, 'kinesis.db'), Date.now, (StreamName, ageMs) => metrics.store.record('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName }, ageMs)));
    const secrets = secretsService(documents);
    const logs = closing(logsService(join(dataDir, 'logs.db'), (message, at) => metrics.store.fromLog(message, at)));
    for (const service of [kinesisService(streams, metrics.store, gate), secrets, parametersService(documents), stsService(), metrics, logs, sesService(mail, async (topic, message) => {
      const set = `arn:aws:ses:eu-west-1:000000000000:configuration-set/${/"ses:configuration-set":\["([^"]+)/.exec(message)?.[1] ?? ''}`;
      if (gate.judge.mayService('ses.amazonaws.com', 'sns:Publish', topic, set) === 'allowed') await storage.publish(topic, message);
      else process.stderr.write(`local cloud: ses: an event is dropped: the policy of ${topic} does not let ses.amazonaws.com publish\n`);
    })]) router.register(service);
    router.admin('kinesis', kinesisAdmin(streams));
    router.admin('subscriptions', subscriptionsAdmin(storage));
    router.forward(['dynamodb'], dynamodb.port);
    router.forward(['s3', 'sqs', 'sns'], storage.port);

    const at = (taken: number): string => `http://${host}:${taken}`;
    return {
      router, calls, kinesis: streams, dynamodb, storage, mail, secrets: secrets.store, logs: logs.store, metrics: metrics.store, alarms: metrics.alarms, close,
      gate: {
        own: gate, judge: gate.judge, lookups,
        async tell(checkpoint, rules) {
          gate.tell({ checkpoint, rules });
          await Promise.all([dynamodb.tellGate({ checkpoint, rules }), storage.tellGate({ checkpoint, rules })]);
        },
        onReport: (listen) => void gateListeners.add(listen),
      },
      settleCalls: async () => {
        await Promise.all([dynamodb.tellCounts(), storage.tellCounts()]);
      },
      ports: { aws: router.port, mail: outbox.port, dynamodb: dynamodb.port, storage: storage.port },
      endpoints: {
        AWS_ENDPOINT_URL: at(router.port), AWS_ENDPOINT_URL_DYNAMODB: at(dynamodb.port),
        AWS_ENDPOINT_URL_S3: at(storage.port), AWS_ENDPOINT_URL_SQS: at(storage.port), AWS_ENDPOINT_URL_SNS: at(storage.port),
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
