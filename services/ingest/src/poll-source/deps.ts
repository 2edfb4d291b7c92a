import type * as z from 'zod/mini';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { documentClient, lambdaClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { intakeOnAws } from '../intake/wire.ts';
import { vendorOnAws } from '../vendor/wire.ts';
import { dynamoPollCursors } from './dynamo-cursors.ts';
import type { environment } from './env.ts';
import type { HandlerDeps } from './handle.ts';

export function deps(env: z.infer<typeof environment>, tools: Tools): HandlerDeps {
  const { accounts, sink, archive, quarantine } = intakeOnAws(env, tools, { lingerMs: 10, patience: 'long' });
  return {
    accounts, sink, archive, quarantine,
    vendor: vendorOnAws(env, tools),
    cursors: dynamoPollCursors(documentClient(), env.CURSORS_TABLE, tools.clock),
    backfills: dynamoPollCursors(documentClient(), env.CURSORS_TABLE, tools.clock, 'backfill'),
    invoke: async (functionName, payload) => {
      await lambdaClient().send(
        new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(payload)) }),
      );
    },
    newId: tools.newId, clock: tools.clock, log: tools.log, meter: tools.meter,
  };
}
