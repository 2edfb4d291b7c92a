import type { EventBridgeEvent } from 'aws-lambda';
import type { Invocation } from '@orderflow/shared/lambda';
import type { HandlerDeps } from './deps.ts';
import { sidecarKey } from './plan.ts';
import { takeFile, type Outcome } from './take-file.ts';

interface ObjectCreated {
  readonly bucket: { readonly name: string };
  readonly object: { readonly key: string };
}

/** A new object, the rest of a file, or the schedule's question whether a reader has died. */
export type Input =
  | EventBridgeEvent<'Object Created', ObjectCreated>
  | { readonly resume: { readonly bucket: string; readonly key: string } }
  | { readonly sweep: true };

const isSidecar = (key: string): boolean => key.endsWith(sidecarKey(''));

export async function handle(input: Input, deps: HandlerDeps, invocation: Invocation): Promise<Outcome | 'swept' | 'skipped'> {
  const again = ({ bucket, key }: { readonly bucket: string; readonly key: string }): Promise<void> =>
    deps.invoke(invocation.functionName, { resume: { bucket, key } });
  if ('sweep' in input) {
    for (const file of await deps.cursors.abandoned()) await again(file);
    return 'swept';
  }
  const file = 'resume' in input ? input.resume : { bucket: input.detail.bucket.name, key: input.detail.object.key };
  if (isSidecar(file.key)) return 'skipped';
  return takeFile(file, { ...deps, again }, invocation.remainingMs);
}
