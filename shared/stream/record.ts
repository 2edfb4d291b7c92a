/** One record of a stream. */
export interface StreamRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** The outcome of one record of a put. */
export type PutResult = { readonly ok: true } | { readonly ok: false; readonly code: string };

/** The one operation this package needs of a stream: put some records, say of each whether it was taken. */
export interface StreamPort<R extends StreamRecord = StreamRecord> {
  /** One result a record, in their order. @throws when none was taken, or nobody knows */
  put(records: readonly R[]): Promise<readonly PutResult[]>;
}

/** Thrown when records could not be written in the time and the attempts allowed. */
export class NotWritten extends Error {
  readonly records: readonly StreamRecord[];
  /** The last reason: the stream's own error code, or `TooSlow`, `Down`, `Full`. */
  readonly code: string;
  constructor(records: readonly StreamRecord[], code: string) {
    super(`${records.length} record(s) were not taken by the stream: ${code}`);
    this.name = 'NotWritten';
    this.records = records;
    this.code = code;
  }
}

/** Bytes of a record as Kinesis counts them: data and the UTF-8 text of its key. */
export const sizeOf = ({ partitionKey, data }: StreamRecord): number => data.byteLength + Buffer.byteLength(partitionKey);
