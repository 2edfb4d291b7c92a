import type { ServerResponse } from 'node:http';
import type { Router } from '../router.ts';
import type { FaultBook } from './book.ts';
import { BadFaultRules, parseFaultRules } from './rules.ts';

/** `/_local/faults`: GET shows the rules with their strikes, POST adds some, DELETE takes all away, or `?id=` one. */
export function serveFaults(router: Pick<Router, 'admin'>, book: FaultBook): void {
  router.admin('faults', async (request, response, body) => {
    const answer = (value: unknown, status = 200): void => {
      (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' });
      (response as ServerResponse).end(JSON.stringify(value));
    };
    switch (request.method) {
      case 'GET':
        return answer({ rules: book.shown() });
      case 'DELETE':
        await book.clear(new URL(request.url ?? '/', 'http://local').searchParams.get('id') ?? undefined);
        return answer({ rules: book.shown() });
      case 'POST':
        try {
          await book.add(parseFaultRules(body.toString('utf8')));
          return answer({ rules: book.shown() });
        } catch (error) {
          if (error instanceof BadFaultRules) return answer({ message: error.message }, 400);
          throw error;
        }
      default:
        return answer({ message: 'GET, POST or DELETE' }, 405);
    }
  });
}
