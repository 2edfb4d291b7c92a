import type { AwsError } from '../service.ts';

/** What the gate is told of a call, at whichever endpoint takes it. */
export interface GatedCall {
  readonly accessKeyId: string;
  /** Signing name: `dynamodb`, `s3`, `states` … */
  readonly service: string;
  /** As the service's API reference names it: `PutItem`, `GetObject`. */
  readonly operation: string;
  /** Percent-encoded, without query; tells the resource in the REST protocols. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the call was given: the JSON body, or the fields of the query protocol; empty where there is neither. */
  readonly input: () => Readonly<Record<string, unknown>>;
}

/** Why a call does not run. */
export type Refusal = AwsError;

/** One question that every call is asked: may it run, and does its answer arrive? */
export interface Checkpoint {
  /** Answered with instead of running the call; a promise delays it. */
  before(call: GatedCall): Refusal | undefined | Promise<Refusal | undefined>;
  /** After the call has run and before its answer goes out: `lost` cuts the connection, the effects stay. */
  after?(call: GatedCall): 'answered' | 'lost';
  /** Asked before an answer says that an object is not there. */
  absent?(call: GatedCall): Refusal | undefined;
  /** Entries of a batch call (SendMessageBatch, PublishBatch, BatchWriteItem …), by their ids, that fail although the call succeeds. */
  failing?(call: GatedCall, ids: readonly string[]): ReadonlyMap<string, Refusal> | undefined;
}

/** All calls pass one at the endpoint that takes them: at the one port, in DynamoDB's thread, in the storage thread. */
export interface Gate {
  before(call: GatedCall): Refusal | undefined | Promise<Refusal | undefined>;
  after(call: GatedCall): 'answered' | 'lost';
  absent(call: GatedCall): Refusal | undefined;
  /** The first checkpoint that lets entries fail stands; DynamoDB's requests have no ids: `<table>/<place in its list>`. */
  failing(call: GatedCall, ids: readonly string[]): ReadonlyMap<string, Refusal> | undefined;
}

/** Asks the checkpoints in order; the first refusal stands. Nothing is awaited unless a checkpoint asks for time. */
export function gateOf(...checkpoints: readonly Checkpoint[]): Gate {
  return {
    before(call) {
      for (const [at, checkpoint] of checkpoints.entries()) {
        const refusal = checkpoint.before(call);
        if (refusal instanceof Promise) return refusal.then((refused) => refused ?? gateOf(...checkpoints.slice(at + 1)).before(call));
        if (refusal) return refusal;
      }
      return undefined;
    },
    after: (call) => (checkpoints.some((checkpoint) => checkpoint.after?.(call) === 'lost') ? 'lost' : 'answered'),
    absent(call) {
      for (const checkpoint of checkpoints) {
        const refusal = checkpoint.absent?.(call);
        if (refusal) return refusal;
      }
      return undefined;
    },
    failing(call, ids) {
      for (const checkpoint of checkpoints) {
        const failing = checkpoint.failing?.(call, ids);
        if (failing && failing.size > 0) return failing;
      }
      return undefined;
    },
  };
}
