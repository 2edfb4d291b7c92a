import { request } from 'node:http';

export interface ModelAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Custom attributes that the container gives back. */
  readonly attributes: string | undefined;
  readonly body: Buffer;
}

/** POSTs to `/invocations` of the model's server; `late` when the whole answer is not there in time. @throws Error when nobody listens */
export function forwardToModel(url: string, body: Buffer, headers: Readonly<Record<string, string>>, limitMs: number): Promise<ModelAnswer | 'late'> {
  return new Promise((resolve, reject) => {
    const onward = request(new URL('/invocations', url), { method: 'POST', headers: { ...headers, 'content-length': body.length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        clearTimeout(timer);
        const attributes = response.headers['x-amzn-sagemaker-custom-attributes'];
        resolve({ status: response.statusCode ?? 500, contentType: response.headers['content-type'] ?? 'application/octet-stream', attributes: [attributes].flat()[0], body: Buffer.concat(chunks) });
      });
    });
    const timer = setTimeout(() => {
      resolve('late');
      onward.destroy();
    }, limitMs);
    onward.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    onward.end(body);
  });
}
