import type * as z from 'zod/mini';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { documentClient, lambdaClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects } from '@orderflow/shared/stream';
import { intakeOnAws } from '../intake/wire.ts';
import { dynamoCursors } from './cursor.ts';
import type { environment } from './env.ts';
import { s3Files } from './object.ts';
import { shippedMappings } from './shipped.ts';
import type { TakeFileDeps } from './reading.ts';

export type HandlerDeps = Omit<TakeFileDeps, 'again'> & {
  /** Where files are dropped. */
  readonly bucket: string;
  /** Invokes a function by name, without waiting for it. */
  readonly invoke: (functionName: string, payload: unknown) => Promise<void>;
};

export function deps(env: z.infer<typeof environment>, tools: Tools): HandlerDeps {
  const { accounts, sink, quarantine } = intakeOnAws(env, tools, { lingerMs: 10, patience: 'long' });
  return {
    accounts, sink, quarantine, bucket: env.INTAKE_BUCKET,
    files: s3Files(s3Client()),
    cursors: dynamoCursors(documentClient(), env.CURSORS_TABLE, s3Objects(s3Client()), env.INTAKE_BUCKET, tools.clock),
    mappings: shippedMappings(),
    invoke: async (functionName, payload) => {
      await lambdaClient().send(
        new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(payload)) }),
      );
    },
    newId: tools.newId, clock: tools.clock, log: tools.log, meter: tools.meter,
  };
}
