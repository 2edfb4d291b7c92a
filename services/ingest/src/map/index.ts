/** Maps of sources: tables of readers, and what makes events of them. */
export type { LineMap } from './line.ts';
export * from './catalogue.ts';
export * from './feedback.ts';
export * from './make.ts';
export type { CustomerMap, OrderMap } from './order.ts';
export * from './orders.ts';
export * from './payments.ts';
export * from './read.ts';
export * from './returns.ts';
