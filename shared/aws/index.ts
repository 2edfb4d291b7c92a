/** SDK clients, configured once. */
export * from './clients.ts';
