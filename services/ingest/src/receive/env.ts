import * as z from 'zod/mini';
import { vendorHosts } from '../vendor/hosts.ts';

export const environment = z.object({
  STAGE: z.string(),
  EVENTS_STREAM: z.string(),
  FACTS_STREAM: z.string(),
  ARCHIVE_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
  INTAKE_BUCKET: z.string(),
  NOTICES_QUEUES: z.string(),
  /** Who of the stage gets a token, for the few vendors that give keys only to those they know. */
  CURSORS_TABLE: z.string(),
  VENDOR_HOSTS: vendorHosts,
  /** Address under which senders know us, without a slash at the end; some schemes sign it. */
  PUBLIC_URL: z.optional(z.string()),
});
