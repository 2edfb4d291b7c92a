/** Facts: what the workflows tell the warehouse. */
export * from './fact.ts';
