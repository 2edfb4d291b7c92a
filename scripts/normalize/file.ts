import { Readable } from 'node:stream';
import { parse } from 'yaml';
import type { Account } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import type { Rejected } from '../../services/ingest/src/intake/interpret.ts';
import { sidecarKey } from '../../services/ingest/src/take-file/plan.ts';
import type { CursorPort } from '../../services/ingest/src/take-file/progress.ts';
import { shippedMappings } from '../../services/ingest/src/take-file/shipped.ts';
import { takeFile } from '../../services/ingest/src/take-file/take-file.ts';

export interface DroppedFile {
  readonly bytes: Buffer;
  readonly name: string;
  /** Text of a mapping, YAML or JSON. */
  readonly mapping: string | undefined;
  readonly live: boolean;
}

/** A cursor for a file that is read once, in one go. */
const once: CursorPort = {
  claim: async () => ({ outcome: 'mine', deaths: 0, replaced: false }), checkpoint: async () => undefined, save: async () => {}, release: async () => {}, finish: async () => {},
  known: async () => undefined,
  unfinished: async () => [],
};

/** Reads a dropped file as take-file does. @returns the exit status */
export async function readFile(
  { bytes, name, mapping, live }: DroppedFile, account: Account, accounts: readonly Account[],
  tell: { readonly event: (event: CanonicalEvent) => void; readonly rejected: (bad: Rejected) => void },
): Promise<number> {
  const key = `file-drop/${encodeURIComponent(account.account)}/normalize/${name.split('/').at(-1) ?? ''}`;
  const sidecar = Buffer.from(JSON.stringify({ live, ...(mapping === undefined ? {} : { mapping: parse(mapping) as unknown }) }));
  let events = 0;
  await takeFile({ bucket: 'local', key }, {
    accounts,
    files: {
      head: async () => ({ etag: '', size: bytes.length, modifiedAt: Date.now() }),
      open: async () => Readable.from([bytes]),
      async *list() {},
      read: async (_bucket, wanted) => (wanted === sidecarKey(key) ? sidecar : undefined),
    },
    cursors: once,
    sink: {
      put: async (more) => {
        events += more.length;
        more.forEach(tell.event);
      },
    },
    quarantine: { put: async (_delivery, _id, _topic, rejected) => rejected.forEach(tell.rejected) },
    mappings: shippedMappings(),
    again: async () => {},
    newId: () => '0'.repeat(32),
    clock: () => Date.now(),
    log: silentLog,
    meter: silentMeter,
  }, () => Number.POSITIVE_INFINITY);
  return events === 0 ? 1 : 0;
}
