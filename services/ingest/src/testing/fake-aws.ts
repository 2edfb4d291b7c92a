import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localSecret } from '../accounts/local-secrets.ts';

/** As much of AWS as the producer speaks to, on a free port: everything is taken and kept, after `delayMs`. */
export interface FakeAws {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** Data of the records, as they came. */
  readonly records: string[];
  /** Calls wait from now on, until `release`. */
  hold(): void;
  release(): void;
  /** Resolves when a call waits that was held. */
  held(): Promise<void>;
  close(): void;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

export async function fakeAws(delayMs = 0): Promise<FakeAws> {
  const objects = new Map<string, Buffer>();
  const records: string[] = [];
  let holding: PromiseWithResolvers<undefined> | undefined;
  let someHeld = Promise.withResolvers<undefined>();

  const answers: Record<string, (input: Record<string, unknown>) => object> = {
    'Kinesis_20131202.DescribeStreamSummary': () => ({ StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } }),
    'Kinesis_20131202.PutRecords'(input) {
      const put = input['Records'] as { Data: string }[];
      records.push(...put.map(({ Data }) => Buffer.from(Data, 'base64').toString('utf8')));
      return { FailedRecordCount: 0, Records: put.map((_, n) => ({ SequenceNumber: String(n + 1), ShardId: 'shardId-000000000000' })) };
    },
    'secretsmanager.GetSecretValue'({ SecretId }) {
      const [source = '', account = ''] = String(SecretId).split('/').slice(-2);
      return { Name: SecretId, SecretString: localSecret(source, account) };
    },
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const target = request.headers['x-amz-target'];
    if (holding && !String(target).startsWith('secretsmanager')) {
      someHeld.resolve(undefined);
      await holding.promise;
    }
    if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
    if (typeof target === 'string') {
      const answer = answers[target]?.(JSON.parse(body.toString('utf8')) as Record<string, unknown>);
      response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer ?? { __type: 'UnknownOperationException' }));
      return;
    }
    if (request.method === 'PUT') objects.set(decodeURIComponent((request.url ?? '').split('?')[0] ?? ''), body);
    response.writeHead(200, { etag: '"1"' });
    response.end();
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects, records,
    hold() {
      holding = Promise.withResolvers<undefined>();
      someHeld = Promise.withResolvers<undefined>();
    },
    release() {
      holding?.resolve(undefined);
      holding = undefined;
    },
    async held() {
      await someHeld.promise;
    },
    close() {
      holding?.resolve(undefined);
      server.close();
      server.closeAllConnections();
    },
  };
}
