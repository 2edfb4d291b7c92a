import type { PaymentStatus } from '@orderflow/shared/events';

/** States of captures and authorisations, in v2 and, in lower case, in v1. */
export const states: Readonly<Record<string, PaymentStatus>> = {
  COMPLETED: 'PAID', PENDING: 'PENDING', DECLINED: 'FAILED', FAILED: 'FAILED', REFUNDED: 'REFUNDED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
  CREATED: 'PENDING', CAPTURED: 'PAID', DENIED: 'FAILED', VOIDED: 'VOIDED', PARTIALLY_CAPTURED: 'PENDING',
  completed: 'PAID', pending: 'PENDING', denied: 'FAILED', refunded: 'REFUNDED', partially_refunded: 'PARTIALLY_REFUNDED', authorized: 'PENDING', voided: 'VOIDED',
};
