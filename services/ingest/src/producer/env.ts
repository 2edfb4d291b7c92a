import * as z from 'zod/mini';
import { vendorHosts } from '../vendor/hosts.ts';
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
  /** Who of the stage gets a token, for the few vendors that give keys only to those they know. */
  CURSORS_TABLE: z.string(),
  VENDOR_HOSTS: vendorHosts,
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
  /** Deliveries a second that each account may send in the long run, twice as many at once; 0: no limit. 429 above it. */
  MOST_PER_SECOND: z._default(whole, 1_000),
  /** `yes`: the last address of X-Forwarded-For is the sender's, for a load balancer has written it. */
  BEHIND_BALANCER: z._default(z.enum(['yes', 'no']), 'no'),
  /** From SIGTERM to the end at the latest, seconds: below the balancer's deregistration delay and systemd's TimeoutStopSec. */
  DRAIN_SECONDS: z._default(whole, 25),
  /**
   * The first part of it, seconds: /healthz says no while requests are still taken, so that a balancer that was not told
   * looks elsewhere before the port is closed. Its health checks' interval times their number is long enough.
   */
  DRAIN_NOTICE_SECONDS: z._default(whole, 0),
});
