import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import { errorInProtocolOf } from '../errors.ts';
import type { Gate, GatedCall } from '../gate/gate.ts';

/** The parts of fauxqs that we reach into; it exports only a server that listens on every interface. */
interface Fauxqs {
  readonly buildApp: (options: object) => FauxqsApp;
}
interface FauxqsApp {
  ready(): Promise<unknown>;
  routing(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
  addHook(name: 'preHandler', hook: (request: FauxqsRequest, reply: FauxqsReply) => Promise<unknown>): void;
  addHook(name: 'onSend', hook: (request: FauxqsRequest, reply: FauxqsReply, payload: unknown) => Promise<unknown>): void;
  addHook(name: 'onResponse', hook: (request: FauxqsRequest, reply: FauxqsReply) => Promise<void>): void;
}
export interface FauxqsRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly raw: IncomingMessage;
}
export interface FauxqsReply {
  readonly statusCode: number;
  getHeader(name: string): unknown;
  code(status: number): FauxqsReply;
  headers(headers: Readonly<Record<string, string>>): FauxqsReply;
  send(body: unknown): unknown;
}
interface Queue {
  dequeue(max: number, visibility: number | undefined, deadLetter: (arn: string) => Queue | undefined): Received[];
  waitForMessages(seconds: number): Promise<void>;
  deleteMessage(receipt: string): boolean;
  changeVisibility(receipt: string, seconds: number): void;
  readonly inflightMessages: Map<string, { readonly message: { readonly sentTimestamp: number; readonly approximateReceiveCount: number; readonly approximateFirstReceiveTimestamp?: number; readonly messageGroupId?: string; readonly sequenceNumber?: string; readonly messageDeduplicationId?: string } }>;
}
interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly MD5OfBody: string;
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, unknown>>;
}
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  confirmed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}
interface TopicStore {
  getTopic(arn: string): { readonly subscriptionArns: readonly string[] } | undefined;
  getSubscription(arn: string): Subscription | undefined;
  subscribe(topicArn: string, protocol: string, endpoint: string, attributes?: object): Subscription | undefined;
  persistence?: { insertSubscription(subscription: Subscription): void };
}

export interface QueuesAndTopics {
  /** Serves an SQS or SNS request. */
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** A queue by name, URL or ARN. */
  queue(name: string): Queue | undefined;
  readonly deadLetter: (arn: string) => Queue | undefined;
  /** Confirmed subscriptions of a topic with this protocol whose filter lets the message pass. */
  subscribers(topicArn: string, protocols: readonly string[], attributes: object, message: string): Subscription[];
  close(): Promise<void>;
}

/**
 * SQS and SNS by fauxqs, on disk. `onAnswer` sees every request with its answer before it is sent, `onServed` after.
 * E-mail and Lambda subscriptions count as confirmed: nobody here could confirm them.
 */
export async function openQueuesAndTopics(
  dataDir: string, fauxqsUrl: string,
  { onAnswer, onServed, gate, callOf }: {
    readonly onAnswer: (request: FauxqsRequest, reply: FauxqsReply, payload: string) => void;
    readonly onServed: (request: FauxqsRequest, reply: FauxqsReply) => void;
    readonly gate: Gate;
    readonly callOf: (request: FauxqsRequest) => GatedCall;
  },
): Promise<QueuesAndTopics> {
  const part = async <T>(file: string): Promise<T> => (await import(new URL(file, fauxqsUrl).href)) as T;
  const { buildApp } = await part<Fauxqs>('app.js');
  const { PersistenceManager } = await part<{ PersistenceManager: new (folder: string) => { loadSqsAndSns(sqs: object, sns: object): void; updateMessageReady(messageId: string): void; close(): void; readonly db: DatabaseSync } }>('persistence.js');
  const { SqsStore } = await part<{ SqsStore: new () => { host: string | undefined; persistence: unknown; allQueues(): Iterable<{ persistence: unknown }>; getQueue(url: string): Queue | undefined; getQueueByArn(arn: string): Queue | undefined } }>('sqs/sqsStore.js');
  const { SnsStore } = await part<{ SnsStore: new () => TopicStore & { persistence?: unknown } }>('sns/snsStore.js');
  const { S3Store } = await part<{ S3Store: new () => object }>('s3/s3Store.js');
  const filters = await part<{ matchesFilterPolicy(policy: object, attributes: object): boolean; matchesFilterPolicyOnBody(policy: object, body: string): boolean }>('sns/filter.js');

  const persistence = new PersistenceManager(dataDir);
  persistence.db.exec('PRAGMA synchronous=OFF');
  // fauxqs 2.4.1 sets the receive count to NULL here, which its own schema refuses: no message became visible again
  const ready = persistence.db.prepare('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?');
  persistence.updateMessageReady = (messageId) => void ready.run(messageId);
  const sqs = new SqsStore();
  const sns = new SnsStore();
  persistence.loadSqsAndSns(sqs, sns);
  sqs.persistence = persistence;
  sns.persistence = persistence as never;
  for (const queue of sqs.allQueues()) queue.persistence = persistence;
  sqs.host = undefined; // queue URLs then carry the address that the caller used
  const subscribe = sns.subscribe.bind(sns);
  sns.subscribe = (topicArn, protocol, endpoint, attributes) => {
    const made = subscribe(topicArn, protocol, endpoint, attributes);
    if (made && !made.confirmed && (protocol === 'email' || protocol === 'lambda')) {
      made.confirmed = true;
      sns.persistence?.insertSubscription(made);
    }
    return made;
  };

  const app = buildApp({ logger: false, defaultRegion: 'eu-west-1', stores: { sqsStore: sqs, snsStore: sns, s3Store: new S3Store() } });
  const refused = new WeakSet<FauxqsRequest>();
  app.addHook('preHandler', async (request, reply) => {
    const refusal = await gate.before(callOf(request));
    if (!refusal) return undefined;
    refused.add(request);
    const answer = errorInProtocolOf(request.headers, refusal);
    return reply.code(answer.status).headers(answer.headers ?? {}).send(answer.body);
  });
  app.addHook('onSend', (request, reply, payload) => {
    if (refused.has(request)) return Promise.resolve(payload);
    if (gate.after(callOf(request)) === 'lost') request.raw.socket.destroy();
    onAnswer(request, reply, typeof payload === 'string' ? payload : '');
    return Promise.resolve(payload);
  });
  app.addHook('onResponse', async (request, reply) => onServed(request, reply));
  await app.ready();

  return {
    serve: (request, response) => app.routing(request, response),
    queue: (name) => (name.startsWith('arn:') ? sqs.getQueueByArn(name) : sqs.getQueue(name)),
    deadLetter: (arn) => sqs.getQueueByArn(arn),
    subscribers(topicArn, protocols, attributes, message) {
      const found = (sns.getTopic(topicArn)?.subscriptionArns ?? []).map((arn) => sns.getSubscription(arn));
      return found.filter((one): one is Subscription => {
        if (!one?.confirmed || !protocols.includes(one.protocol)) return false;
        const policy = one.attributes['FilterPolicy'];
        if (policy === undefined) return true;
        const parsed = JSON.parse(policy) as object;
        return one.attributes['FilterPolicyScope'] === 'MessageBody' ? filters.matchesFilterPolicyOnBody(parsed, message) : filters.matchesFilterPolicy(parsed, attributes);
      });
    },
    close: async () => {
      await app.close();
      persistence.close();
    },
  };
}

