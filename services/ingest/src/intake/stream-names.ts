/** Where intake puts records; each has its port in `SinkParts.streams`, and the overflow keeps its name. */
export const streamNames = ['events', 'facts'] as const;

export type StreamName = (typeof streamNames)[number];

export const isStreamName = (name: unknown): name is StreamName => streamNames.some((known) => known === name);
