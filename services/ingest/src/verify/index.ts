/** Who sent it: signature schemes as data, and the one place that checks them. */
export * from './scheme.ts';
export { proven } from './prove.ts';
export { verify } from './verify.ts';
