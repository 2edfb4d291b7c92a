import { accountsOf, type Account } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';
import { silentLog, type Meter } from '@orderflow/shared/lambda';
import type { ObjectPort, PutResult, StreamPort, StreamRecord } from '@orderflow/shared/stream';
import { localPublished, localSecret } from '../accounts/local-secrets.ts';
import type { Delivery } from '../intake/delivery.ts';
import type { Rejected } from '../intake/interpret.ts';
import type { IntakeDeps } from '../intake/ports.ts';
import { findSource } from '../sources/registry.ts';
import { proven } from '../verify/index.ts';

/** 22 November 2026, 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 22, 12);

export interface MemoryIntake extends IntakeDeps {
  readonly events: CanonicalEvent[];
  readonly quarantined: (Rejected & { readonly body: string })[];
  readonly archived: Delivery[];
  readonly counts: Record<string, number>;
}

/** Intake whose ports keep everything in memory. */
export function memoryIntake(changes: Partial<IntakeDeps> = {}): MemoryIntake {
  const events: CanonicalEvent[] = [];
  const quarantined: (Rejected & { body: string })[] = [];
  const archived: Delivery[] = [];
  const counts: Record<string, number> = {};
  const meter: Meter = {
    count(name, value = 1, by) {
      counts[name] = (counts[name] ?? 0) + value;
      for (const each of Object.values(by ?? {})) counts[`${name} ${each}`] = (counts[`${name} ${each}`] ?? 0) + value;
    },
    milliseconds(name) {
      counts[name] = (counts[name] ?? 0) + 1;
    },
  };
  return {
    events, quarantined, archived, counts, meter,
    accounts: accountsOf('local'),
    secrets: { of: async ({ source, account }: Account) => [localSecret(source, account)], anew: async () => undefined },
    published: { of: async ({ name }) => localPublished(name), anew: async ({ name }) => localPublished(name) },
    sink: { put: async (more) => void events.push(...more) },
    archive: { add: (delivery) => `s3://archive/raw#${archived.push(delivery) - 1},${delivery.body.byteLength}`, flush: async () => {} },
    quarantine: {
      put: async ({ body }, _id, _topic, rejected) =>
        void quarantined.push(...rejected.map((one) => ({ ...one, body: Buffer.from(body).toString('utf8') }))),
    },
    clock: () => noon,
    log: silentLog,
    ...changes,
  };
}

/** A delivery signed as its source does it, with the local secret. */
export function signed(
  source: string, body: string | Uint8Array, headers: Record<string, string> = {},
  { account = 'default', at = noon, secret = localSecret(source, account) } = {},
): Delivery {
  const scheme = findSource(source)?.verify;
  const bare: Delivery = {
    source, account, method: 'POST', url: `https://hooks.example/webhooks/${source}`, headers,
    body: typeof body === 'string' ? Buffer.from(body) : body, receivedAt: at,
  };
  if (scheme === undefined || scheme === 'not-http') return bare;
  return proven(scheme, secret, bare, at);
}

/** Objects in memory, by `bucket/key`. */
export function memoryObjects(): ObjectPort & { readonly held: Map<string, Uint8Array> } {
  const held = new Map<string, Uint8Array>();
  return {
    held,
    async put(bucket, key, body) {
      held.set(`${bucket}/${key}`, body);
    },
    async get(bucket, key) {
      const body = held.get(`${bucket}/${key}`);
      if (!body) throw new Error(`no such object: ${bucket}/${key}`);
      return body;
    },
  };
}

/** A stream that keeps what it takes; `refuse` says of each record whether this attempt fails. */
export function memoryStream(refuse: (record: StreamRecord) => boolean = () => false): StreamPort & { readonly taken: StreamRecord[] } {
  const taken: StreamRecord[] = [];
  return {
    taken,
    async put(records) {
      return records.map((record): PutResult => {
        if (refuse(record)) return { ok: false, code: 'ProvisionedThroughputExceededException' };
        taken.push(record);
        return { ok: true };
      });
    },
  };
}
