import { documentClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { DynamoStore, OversizeLines, type InFlightStore } from '@orderflow/shared/store';
import { s3Objects } from '@orderflow/shared/stream';
import { placeOf } from './table-arn.ts';

/** The in-flight table of this stage, with S3 behind it for items too large. */
export const storeOf = (env: { TABLE_ARN: string; STAGING_BUCKET: string }, { clock, newId }: Pick<Tools, 'clock' | 'newId'>): InFlightStore =>
  new DynamoStore({
    client: documentClient(),
    table: placeOf(env.TABLE_ARN).table,
    clock,
    newId,
    oversize: new OversizeLines(s3Objects(s3Client()), env.STAGING_BUCKET),
  });
