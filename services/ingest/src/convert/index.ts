/** Converters from what vendors write to what the canonical schema means. */
export * from './country.ts';
export * from './fields.ts';
export * from './json.ts';
export * from './money.ts';
export * from './position.ts';
export * from './time.ts';
export * from './unreadable.ts';
