import type { ServerResponse } from 'node:http';
import { createAccessLedger } from './access-ledger.ts';
import type { DataServices } from './data-services.ts';
import type { AccessCounts } from './gate/access/judge.ts';
import type { RoleBook } from './roles.ts';

const answer = (response: unknown, value: unknown, status = 200): void => {
  (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' });
  (response as ServerResponse).end(JSON.stringify(value));
};

/**
 * `GET /_local/access`: every grant of every role with the calls that it let through, and what was refused.
 * `POST /_local/access/keys` `{"accessKeyId", "role"}`: lets a key stand for a role, as an instance profile does on EC2.
 */
export function registerAccess(data: DataServices, roles: RoleBook): void {
  const ledger = createAccessLedger();
  data.gate.onReport(({ checkpoint, payload }) => {
    if (checkpoint === 'access') ledger.add(payload as AccessCounts);
  });
  data.router.admin('access', async (request, response, body) => {
    if (request.method === 'POST') {
      const { accessKeyId, role } = JSON.parse(body.toString('utf8')) as { accessKeyId: string; role: string };
      const found = roles.find(role);
      if (!found) return answer(response, { message: `there is no role ${role}` }, 404);
      roles.keep(accessKeyId, found.arn);
      await roles.settled();
      return answer(response, { roleArn: found.arn });
    }
    await data.gate.tell('access', {}); // every endpoint first tells what it has counted
    return answer(response, ledger.snapshot(roles));
  });
}
