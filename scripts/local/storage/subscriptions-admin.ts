import type { ServerResponse } from 'node:http';
import type { AdminHandler } from '../router.ts';
import { AwsError } from '../service.ts';
import type { StorageFront } from './front.ts';

/**
 * `GET /_local/subscriptions` lists all subscriptions of topics; `POST` `{ "arn", "confirmed": false }` takes one's
 * confirmation away, as if its reader had never clicked, `true` gives it back.
 */
export function subscriptionsAdmin(storage: Pick<StorageFront, 'subscriptions' | 'setConfirmed'>): AdminHandler {
  return async (request, response, body) => {
    const answer = (value: unknown, status = 200): void => {
      (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' });
      (response as ServerResponse).end(JSON.stringify(value));
    };
    if (request.method !== 'POST') return answer(await storage.subscriptions());
    const { arn, confirmed } = JSON.parse(body.toString('utf8')) as { arn?: unknown; confirmed?: unknown };
    if (typeof arn !== 'string' || typeof confirmed !== 'boolean') return answer({ message: 'give {"arn": "…", "confirmed": true or false}' }, 400);
    await storage.setConfirmed(arn, confirmed).then(
      () => answer({}),
      (error: unknown) => answer({ message: error instanceof AwsError ? error.message : String(error) }, 404),
    );
  };
}
