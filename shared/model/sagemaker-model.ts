import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ModelUnusable, readReply, type LanguageModel } from './port.ts';

interface SdkError {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const codeOf = (error: unknown): ModelUnusable['code'] => {
  const { name = '', $metadata } = (error ?? {}) as SdkError;
  if (/timeout|abort/i.test(name)) return 'timeout';
  const status = $metadata?.httpStatusCode;
  return status !== undefined && status < 500 ? 'refused' : 'unreachable';
};

/**
 * The model behind a SageMaker endpoint.
 * @param timeoutMs until the whole answer must be here; the call is aborted then
 */
export const sageMakerModel = (
  client: Pick<SageMakerRuntimeClient, 'send'>, endpoint: string, timeoutMs = 8_000,
): LanguageModel => ({
  async predict(instances) {
    let body: Uint8Array;
    try {
      const answer = await client.send(
        new InvokeEndpointCommand({
          EndpointName: endpoint,
          ContentType: 'application/json',
          Accept: 'application/json',
          Body: Buffer.from(JSON.stringify({ instances })),
        }),
        { abortSignal: AbortSignal.timeout(timeoutMs) },
      );
      body = answer.Body;
    } catch (cause) {
      throw new ModelUnusable(codeOf(cause), { cause });
    }
    return readReply(body, instances);
  },
});

/** A stage without an endpoint: every request goes to people. */
export const noModel: LanguageModel = { predict: () => Promise.reject(new ModelUnusable('none')) };
