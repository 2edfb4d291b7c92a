/** Builders and in-memory ports for tests. */
export * from './events.ts';
export * from './streams.ts';
export * from './run-machine.ts';
export * from './messages-server.ts';
