import * as z from 'zod/mini';

/** Nothing of its own: the suppression list belongs to the account. */
export const env = z.object({});
