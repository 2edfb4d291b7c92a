/** SDK clients, configured once. */
export * from './clients.ts';
export * from './data-api.ts';
export * from './warehouse.ts';
