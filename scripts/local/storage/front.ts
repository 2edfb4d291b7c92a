import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CallLedger } from '../calls.ts';
import type { GateReport, GateRules } from '../gate/checkpoints.ts';
import { AwsError } from '../service.ts';
import { startWorker } from '../worker-host.ts';
import type { Created } from './s3/object-head.ts';
import type { Delivery } from './sns/publish.ts';

/** An object that a PUT, a copy or a completed multipart upload has made; `event` as S3 names it, e.g. `ObjectCreated:Put`. */
export type ObjectCreated = Created;
/** A message that SNS pushes to `endpoint`, a function's ARN. */
export type TopicDelivery = Delivery;

export interface SubscriptionState {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  /** What ConfirmSubscription takes. */
  readonly token: string;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** `ApproximateReceiveCount`, `SentTimestamp` … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
}

/** S3, SQS and SNS in one thread of their own, on a port of their own. */
export interface StorageFront {
  readonly port: number;
  readonly endpoint: string;
  /**
   * Objects made in `bucket` from now on (the bucket is created if need be) and those not acknowledged before a kill:
   * a delivery whose promise rejects is repeated after a pause, one that never settles after a restart (at least once, as
   * S3's). One listener a bucket.
   */
  onObjectCreated(bucket: string, listener: (created: ObjectCreated) => Promise<void> | void): Promise<void>;
  /** Messages for subscriptions with protocol `lambda`; at least once, as above. */
  onTopicDelivery(listener: (delivery: TopicDelivery) => Promise<void> | void): void;
  /** Waits up to `waitSeconds` for at most `max` (10) messages of a queue given by name, URL or ARN; an aborted `signal` ends the wait without taking any. */
  receive(queue: string, options: { readonly max: number; readonly waitSeconds: number; readonly visibilitySeconds?: number; readonly signal?: AbortSignal }): Promise<QueueMessage[]>;
  deleteMessages(queue: string, receiptHandles: readonly string[]): Promise<void>;
  changeVisibility(queue: string, receiptHandle: string, seconds: number): Promise<void>;
  /** Puts a message on a topic, as another AWS service would. */
  publish(topicArn: string, message: string, subject?: string): Promise<void>;
  /** All subscriptions, for looking inside. */
  subscriptions(): Promise<readonly SubscriptionState[]>;
  /** Takes a subscription's confirmation away, as if its reader had never clicked, or gives it back. */
  setConfirmed(subscriptionArn: string, confirmed: boolean): Promise<void>;
  /** Brings the call ledger up to this moment. */
  tellCounts(): Promise<void>;
  /** New rules for a checkpoint of its gate. */
  tellGate(rules: GateRules): Promise<void>;
  close(): Promise<void>;
}

/** Errors that no further attempt can mend: the function is gone, or may not be called. */
const FINAL = /^(ResourceNotFound|AccessDenied|InvalidParameter|RequestTooLarge|KMS)/;
/** Pause before attempt `n` (from 1): as SNS does for functions and queues, https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const pauseMs = (n: number): number => (n <= 3 ? 0 : n <= 5 ? 1000 : Math.min(20_000, 1000 * 2 ** (n - 5)));

interface Unsettled {
  readonly objects: { id: number; created: Created }[];
  readonly deliveries: { id: number; delivery: Delivery }[];
}

export async function startStorage(options: {
  dataDir: string; codeDir: string; host: string; calls: CallLedger;
  /** Takes messages for e-mail subscriptions. */
  deliverMail: (delivery: Delivery) => void;
  onGateReport: (report: GateReport) => void;
}): Promise<StorageFront> {
  const dataDir = join(options.dataDir, 'storage');
  mkdirSync(dataDir, { recursive: true });
  const objectListeners = new Map<string, (created: Created) => Promise<void> | void>();
  let topicListener: ((delivery: Delivery) => Promise<void> | void) | undefined;
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;
  let lastWait = 0;

  /** Runs `work`, then settles; again and again as long as it fails, unless `giveUp` takes the failure. */
  const deliver = (work: () => Promise<void> | void, settle: () => unknown, giveUp: (error: unknown) => boolean = () => false, attempt = 1): void => {
    Promise.resolve().then(work).then(settle, (error: unknown) => {
      if (closed || giveUp(error)) return;
      process.stderr.write(`local cloud: a notification is delivered again: ${error instanceof Error ? error.message : String(error)}\n`);
      const timer = setTimeout(() => {
        timers.delete(timer);
        deliver(work, settle, giveUp, attempt + 1);
      }, pauseMs(attempt));
      timers.add(timer);
    });
  };
  /** What a kill left over, or came before anybody registered for it: told to whoever does. */
  const left: Unsettled = { objects: [], deliveries: [] };
  const onObject = (id: number, created: Created): void => {
    const listener = objectListeners.get(created.bucket);
    if (listener) deliver(() => listener(created), () => hosted.ask('settleObject', id).catch(() => undefined));
    else left.objects.push({ id, created });
  };
  const onDelivery = (id: number, delivery: Delivery): void => {
    const listener = delivery.protocol === 'lambda' ? topicListener : options.deliverMail;
    const giveUp = (error: unknown): boolean => {
      if (!(error instanceof AwsError) || !FINAL.test(error.code)) return false;
      hosted.ask('failDelivery', { id, reason: error.message }).catch(() => undefined);
      return true;
    };
    if (listener) deliver(() => listener(delivery), () => hosted.ask('settleDelivery', id).catch(() => undefined), giveUp);
    else left.deliveries.push({ id, delivery });
  };
  const hosted = await startWorker(join(options.codeDir, 'storage/worker.ts'), { dataDir, host: options.host }, options.calls, (name, payload) => {
    if (name === 'gate') return options.onGateReport(payload as GateReport);
    const { id, created, delivery } = payload as { id: number; created: Created; delivery: Delivery };
    if (name === 'object') onObject(id, created);
    else onDelivery(id, delivery);
  });
  const unsettled = (await hosted.ask('unsettled', undefined)) as Unsettled;
  for (const { id, created } of unsettled.objects) onObject(id, created);
  for (const { id, delivery } of unsettled.deliveries) onDelivery(id, delivery);

  return {
    port: hosted.port,
    endpoint: `http://${options.host}:${hosted.port}`,
    async onObjectCreated(bucket, listener) {
      objectListeners.set(bucket, listener);
      await hosted.ask('watch', bucket);
      for (const { id, created } of left.objects.splice(0)) onObject(id, created);
    },
    onTopicDelivery(listener) {
      topicListener = listener;
      for (const { id, delivery } of left.deliveries.splice(0)) onDelivery(id, delivery);
    },
    async receive(queue, { signal, ...wanted }) {
      if (signal?.aborted) return [];
      const wait = (lastWait += 1);
      const hangUp = (): void => void hosted.ask('hangUp', wait).catch(() => undefined);
      signal?.addEventListener('abort', hangUp);
      try {
        return (await hosted.ask('receive', { queue, wait, ...wanted })) as QueueMessage[];
      } finally {
        signal?.removeEventListener('abort', hangUp);
      }
    },
    deleteMessages: (queue, receipts) => hosted.ask('deleteMessages', { queue, receipts }) as Promise<void>,
    changeVisibility: (queue, receipt, seconds) => hosted.ask('changeVisibility', { queue, receipt, seconds }) as Promise<void>,
    publish: (topicArn, message, subject) => hosted.ask('publish', { topicArn, message, ...(subject !== undefined && { subject }) }) as Promise<void>,
    subscriptions: () => hosted.ask('subscriptions', undefined) as Promise<SubscriptionState[]>,
    setConfirmed: (arn, confirmed) => hosted.ask('setConfirmed', { arn, confirmed }) as Promise<void>,
    tellGate: (rules) => hosted.ask('gate', rules) as Promise<void>,
    tellCounts: () => hosted.ask('tellCounts', undefined) as Promise<void>,
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      return hosted.close();
    },
  };
}
