/** Maps of sources: tables of readers, and what makes events of them. */
export type { LineMap } from './line.ts';
export * from './adjustments.ts';
export * from './amounts.ts';
export * from './catalogue.ts';
export * from './feedback.ts';
export * from './make.ts';
export type { CustomerMap, OrderMap } from './order.ts';
export * from './orders.ts';
export * from './payments.ts';
export * from './providers.ts';
export { always, decimal, each, first, inside, joined, known, marked, needed, ofOuter, picked, sumOf, text, then, whole, word, type Read, type Scope } from './read.ts';
export * from './returns.ts';
export * from './times-and-places.ts';
