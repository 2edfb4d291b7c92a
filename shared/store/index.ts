/** The in-flight table: receive first, act after, forget last. */
export * from './item.ts';
export * from './port.ts';
export * from './memory-store.ts';
export * from './dynamo-store.ts';
export { OversizeLines } from './row.ts';
