import * as z from 'zod/mini';
import { vendorHosts } from '../vendor/hosts.ts';

export const environment = z.object({
  STAGE: z.string(),
  EVENTS_STREAM: z.string(),
  FACTS_STREAM: z.string(),
  ARCHIVE_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
  INTAKE_BUCKET: z.string(),
  CURSORS_TABLE: z.string(),
  VENDOR_HOSTS: vendorHosts,
});
