/** Canonical events: the one language between intake and everything behind it. */
export * from './values.ts';
export * from './order.ts';
export * from './data.ts';
export * from './event.ts';
export * from './identity.ts';
export * from './said-by.ts';
export * from './redact.ts';
