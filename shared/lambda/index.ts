/** How a function is served: environment, logs, metrics, tracing around one use case. */
export * from './env.ts';
export * from './log.ts';
export * from './serve.ts';
export * from './tools.ts';
