import { PutSuppressedDestinationCommand } from '@aws-sdk/client-sesv2';
import { sesClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type { Deps } from './handle.ts';

export const deps = (_env: unknown, { log, meter }: Tools): Deps => ({
  log,
  meter,
  suppress: async (address, reason) => {
    await sesClient().send(new PutSuppressedDestinationCommand({ EmailAddress: address, Reason: reason }));
  },
});
