import * as z from 'zod/mini';
import { vendorHosts } from '../vendor/hosts.ts';

export const environment = z.object({
  STAGE: z.string(),
  STAGING_BUCKET: z.string(),
  CURSORS_TABLE: z.string(),
  VENDOR_HOSTS: vendorHosts,
});
