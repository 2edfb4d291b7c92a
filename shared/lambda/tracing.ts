import type { MiddlewareObj } from '@middy/core';
import { tracingOn } from './env.ts';

/**
 * X-Ray segments around the handler, where tracing is on. The X-Ray SDK hooks into every promise of its process
 * (async_hooks), which made our functions nearly twice as dear where nobody looks at traces: so it is loaded when the
 * first traced invocation comes, and not at all under POWERTOOLS_TRACE_ENABLED=false.
 */
export function tracing(): MiddlewareObj {
  let loading: Promise<MiddlewareObj> | undefined;
  const load = async (): Promise<MiddlewareObj> => {
    const [{ Tracer }, { captureLambdaHandler }] = await Promise.all([
      import('@aws-lambda-powertools/tracer'),
      import('@aws-lambda-powertools/tracer/middleware'),
    ]);
    return captureLambdaHandler(new Tracer({ captureHTTPsRequests: false }), { captureResponse: false });
  };
  return {
    before: async (request) => {
      if (!tracingOn()) return;
      await (await (loading ??= load())).before?.(request);
    },
    after: async (request) => {
      await (await loading)?.after?.(request);
    },
    onError: async (request) => {
      await (await loading)?.onError?.(request);
    },
  };
}
