/** Kinesis: the one batch loop, the one writer, typed records, payloads on S3, quarantine. */
export * from './batcher-limits.ts';
export * from './batcher.ts';
export * from './breaker.ts';
export * from './consume.ts';
export * from './kinesis.ts';
export * from './payload.ts';
export * from './quarantine.ts';
export * from './record.ts';
export * from './typed.ts';
export * from './writer.ts';
