import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ModelUnusable } from '../port.ts';
import { mostReplyBytes } from './answer.ts';

/** POSTs one request in the messages form and brings the reply's bytes. @throws InvokeFailed */
export type Invoke = (body: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

/** A call that brought no reply. */
export class InvokeFailed extends ModelUnusable {
  /** Whether the same call may do better a moment later. */
  readonly passing: boolean;
  constructor(code: 'unreachable' | 'timeout' | 'refused', options?: ErrorOptions) {
    super(code, options);
    this.passing = code !== 'refused';
  }
}

/** 408, 425, 429 and 5xx pass; 0 is SageMaker's word for a container that did not answer. */
const ofStatus = (status: number, options?: ErrorOptions): InvokeFailed =>
  new InvokeFailed(status >= 500 || [0, 408, 425, 429].includes(status) ? 'unreachable' : 'refused', options);

interface SdkError {
  readonly name?: string;
  readonly $retryable?: object;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly OriginalStatusCode?: number;
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html#API_runtime_InvokeEndpoint_Errors */
function ofSdk(cause: unknown): InvokeFailed {
  const { name = '', $metadata, OriginalStatusCode, $retryable } = (cause ?? {}) as SdkError;
  if (/timeout|abort/i.test(name)) return new InvokeFailed('timeout', { cause });
  if (name === 'ModelError') return ofStatus(OriginalStatusCode ?? 0, { cause });
  if ($retryable || /throttl/i.test(name)) return new InvokeFailed('unreachable', { cause });
  return ofStatus($metadata?.httpStatusCode ?? 0, { cause });
}

/** Through a SageMaker endpoint whose container takes the messages form at /invocations, as vLLM's and LMI's do. */
export const sageMakerInvoke = (client: Pick<SageMakerRuntimeClient, 'send'>, endpoint: string): Invoke => async (body, signal) => {
  try {
    const answer = await client.send(
      new InvokeEndpointCommand({ EndpointName: endpoint, ContentType: 'application/json', Accept: 'application/json', Body: body }),
      { abortSignal: signal },
    );
    return answer.Body;
  } catch (cause) {
    throw ofSdk(cause);
  }
};

/** Straight to a server of the messages form: `http://…/v1/chat/completions`, or a container's `/invocations`. */
export const httpInvoke = (url: string | URL): Invoke => async (body, signal) => {
  try {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: Buffer.from(body), signal, redirect: 'error' });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw ofStatus(answer.status);
    }
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of answer.body ?? []) {
      parts.push(part as Uint8Array);
      bytes += (part as Uint8Array).length;
      if (bytes > mostReplyBytes) throw new ModelUnusable('bad-answer');
    }
    return Buffer.concat(parts);
  } catch (cause) {
    if (cause instanceof ModelUnusable) throw cause;
    throw new InvokeFailed(signal.aborted ? 'timeout' : 'unreachable', { cause });
  }
};
