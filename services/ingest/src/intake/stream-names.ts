/** Where intake puts records: two streams, and the queues of thin notices as one. Each has its port in `SinkParts.streams`, and the overflow keeps its name. */
export const streamNames = ['events', 'facts', 'notices'] as const;

export type StreamName = (typeof streamNames)[number];

export const isStreamName = (name: unknown): name is StreamName => streamNames.some((known) => known === name);
