import * as z from 'zod/mini';
import { levels } from './log.ts';

const whole = z.pipe(z.string().check(z.regex(/^\d{1,9}$/)), z.transform(Number));

/** What the producer reads from its environment; region, credentials and endpoint are read by the SDK itself. */
export const environment = z.object({
  STAGE: z.string(),
  EVENTS_STREAM: z.string(),
  FACTS_STREAM: z.string(),
  ARCHIVE_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
  INTAKE_BUCKET: z.string(),
  /** Names of the notice queues up to that of the source. */
  NOTICES_QUEUES: z.string(),
  /** Port to listen on; 0 takes a free one. */
  PORT: z._default(whole, 4000),
  HOST: z._default(z.string(), '0.0.0.0'),
  /** Address under which senders know us, without a slash at the end; some schemes sign it. */
  PUBLIC_URL: z.optional(z.string()),
  /** How long a record waits for company in its batch, milliseconds. */
  LINGER_MS: z._default(whole, 5),
  /** Log lines below this level are left out. */
  LOG_LEVEL: z._default(z.enum(levels), 'INFO'),
  /** How many deliveries are remembered at the door, so that a repeat costs nothing; 0: none. */
  RECENT_DELIVERIES: z._default(whole, 20_000),
});
