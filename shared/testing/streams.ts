import type { KinesisStreamEvent } from 'aws-lambda';
import type { ObjectPort, PutResult, Quarantine, StreamPort, StreamRecord } from '@orderflow/shared/stream';

/** A stream in memory. `refuse` says of a record whether this attempt fails. */
export function memoryStream(refuse: (record: StreamRecord, attempt: number) => string | undefined = () => undefined) {
  const taken: StreamRecord[] = [];
  const attempts = new Map<StreamRecord, number>();
  let calls = 0;
  const port: StreamPort = {
    async put(records) {
      calls++;
      return records.map((record): PutResult => {
        const attempt = (attempts.get(record) ?? 0) + 1;
        attempts.set(record, attempt);
        const code = refuse(record, attempt);
        if (code) return { ok: false, code };
        taken.push(record);
        return { ok: true };
      });
    },
  };
  return { ...port, taken, calls: () => calls };
}

/** Objects in memory, keyed `bucket/key`. */
export function memoryObjects() {
  const stored = new Map<string, Uint8Array>();
  const port: ObjectPort = {
    async put(bucket, key, body) {
      stored.set(`${bucket}/${key}`, body);
    },
    async get(bucket, key) {
      const body = stored.get(`${bucket}/${key}`);
      if (!body) throw Object.assign(new Error(`no object ${bucket}/${key}`), { name: 'NoSuchKey' });
      return body;
    },
  };
  return { ...port, stored };
}

/** A quarantine in memory. */
export function memoryQuarantine() {
  const entries: Parameters<Quarantine['put']>[0][] = [];
  const port: Quarantine = {
    async put(entry) {
      entries.push(entry);
    },
  };
  return { ...port, entries };
}

/** A Lambda event as Kinesis mappings send it. */
export const kinesisEvent = (records: readonly { key: string; body: unknown }[]): KinesisStreamEvent => ({
  Records: records.map(({ key, body }, at) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: key,
      sequenceNumber: String(at + 1).padStart(56, '4'),
      data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString('base64'),
      approximateArrivalTimestamp: 0,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${at + 1}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/test',
    awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orderflow-test-events',
  })),
});
