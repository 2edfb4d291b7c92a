/** SDK clients, configured once. */
export * from './clients.ts';
export * from './warehouse.ts';
