import { decidedBy, decisionOutcomes } from '@orderflow/shared/events';
import { refundStatuses } from '@orderflow/shared/facts';
import * as z from 'zod/mini';

/** Words with fixed values, as they are read out of the warehouse. */
export const historyGroup = z.enum(['order', 'payment', 'fulfilment']);
export type HistoryGroup = z.infer<typeof historyGroup>;
export const decisionOutcome = z.enum(decisionOutcomes);
export type DecisionOutcome = z.infer<typeof decisionOutcome>;
export const decisionBy = z.enum(decidedBy);
export type DecisionBy = z.infer<typeof decisionBy>;
export const refundStatus = z.enum(refundStatuses);
