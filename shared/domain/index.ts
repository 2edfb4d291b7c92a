/** The domain: states, deciders, limits. Pure: no clock, no network, no storage. */
export * from './transitions.ts';
export * from './limits.ts';
export * from './order-state.ts';
export * from './order-plan.ts';
export * from './apply-update.ts';
export * from './refunds.ts';
export * from './totals.ts';
export * from './return-policy.ts';
export * from './return-policy-amount.ts';
export * from './return-policy-decide.ts';
export * from './return-policy-facts.ts';
export * from './return-policy-paid.ts';
export * from './return-policy-schema.ts';
