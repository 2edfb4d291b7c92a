/** The in-flight table: receive first, act after, forget last. */
export * from './item.ts';
export * from './port.ts';
