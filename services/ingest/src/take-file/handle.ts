import type { EventBridgeEvent } from 'aws-lambda';
import type { Invocation } from '@orderflow/shared/lambda';
import type { HandlerDeps } from './deps.ts';
import { isNoFile } from './plan.ts';
import type { FileRef } from './progress.ts';
import { findUnread, sweep } from './sweep.ts';
import type { Outcome } from './reading.ts';
import { takeFile } from './take-file.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; the key is as it is, not form-encoded. */
interface ObjectCreated {
  readonly bucket: { readonly name: string };
  readonly object: { readonly key: string };
}

/** A new object, the rest of a file, or the schedules' questions: has a reader died, was a file never begun? */
export type Input =
  | EventBridgeEvent<'Object Created', ObjectCreated>
  | { readonly resume: FileRef }
  | { readonly sweep: 'readers' | 'files' };

export async function handle(input: Input, deps: HandlerDeps, invocation: Invocation): Promise<Outcome | 'swept' | 'skipped'> {
  const again = (file: FileRef): Promise<void> => deps.invoke(invocation.functionName, { resume: file });
  if ('sweep' in input) return input.sweep === 'files' ? findUnread(deps.bucket, { ...deps, again }) : sweep({ ...deps, again });
  const file = 'resume' in input ? input.resume : { bucket: input.detail.bucket.name, key: input.detail.object.key };
  if (isNoFile(file.key)) return 'skipped';
  return takeFile(file, { ...deps, again }, invocation.remainingMs);
}
