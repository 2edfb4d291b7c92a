import { request } from 'node:http';
import { AwsError, jsonError, type AwsResponse, type LocalService } from './service.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

function forward(url: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<AwsResponse> {
  return new Promise((resolve, reject) => {
    const onward = request(new URL('/invocations', url), { method: 'POST', headers, timeout: 60_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 500, headers: { 'content-type': response.headers['content-type'] ?? 'application/json' }, body: Buffer.concat(chunks) }));
    });
    onward.on('timeout', () => onward.destroy(new Error('no answer within 60 s')));
    onward.on('error', reject);
    onward.end(body);
  });
}

/** SageMaker runtime: InvokeEndpoint goes to the model's own server, whatever the endpoint is called. */
export function sageMakerService(modelUrl: string | undefined): LocalService {
  return {
    names: ['sagemaker'],
    operationOf: () => 'InvokeEndpoint',
    async handle(call) {
      try {
        if (!/^\/endpoints\/[^/]+\/invocations$/.test(call.path)) throw new AwsError('UnknownOperationException', `${call.method} ${call.path} is not implemented by the local cloud`, 404);
        if (!modelUrl) throw new AwsError('ValidationError', 'no model server runs here: start the local cloud with --model-url');
        const answer = await forward(modelUrl, call.body, { 'content-type': call.headers['content-type'] ?? 'application/json', accept: call.headers['accept'] ?? 'application/json' });
        if (answer.status < 300) return { ...answer, headers: { ...answer.headers, 'x-amzn-invoked-production-variant': 'first' } };
        throw new AwsError('ModelError', `Received error (${answer.status}) from the model: ${answer.body.toString().slice(0, 300)}`, 424, { OriginalStatusCode: answer.status, OriginalMessage: answer.body.toString().slice(0, 300) });
      } catch (error) {
        const known = error instanceof AwsError ? error : new AwsError('ServiceUnavailable', `the model server does not answer: ${String(error)}`, 503);
        return jsonError(known, JSON_HEADERS);
      }
    },
    close: () => Promise.resolve(),
  };
}
