import type { ServerResponse } from 'node:http';
import type { AdminHandler } from '../router.ts';
import { AwsError } from '../service.ts';
import type { Streams } from './streams.ts';

/** `POST /_local/kinesis/limits` `{"stream": NAME, "on": true}`: AWS's limits of a shard a second; without `stream` for all there are. */
export function kinesisAdmin(streams: Streams): AdminHandler {
  return (request, response, body) => {
    const answer = (status: number, value: unknown): void => {
      (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' });
      (response as ServerResponse).end(JSON.stringify(value));
    };
    if (request.method !== 'POST' || !/^\/_local\/kinesis\/limits$/.test(request.url ?? '')) return answer(404, { message: 'there is POST /_local/kinesis/limits {"stream": NAME, "on": true}' });
    try {
      const { stream, on } = JSON.parse(body.toString('utf8') || '{}') as { stream?: string; on?: boolean };
      streams.limitShards(stream, on !== false);
      answer(200, { stream: stream ?? 'all', limits: on !== false });
    } catch (error) {
      answer(error instanceof AwsError ? 404 : 400, { message: (error as Error).message });
    }
  };
}
