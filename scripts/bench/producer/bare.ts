/** The producer's own server around a use case that does nothing: what HTTP alone costs. Tells its parent its port. */
import type { AddressInfo } from 'node:net';
import { accountsOf } from '@orderflow/shared/accounts';
import { doorsOf } from '../../../services/ingest/src/producer/doors.ts';
import { forgersAt } from '../../../services/ingest/src/producer/forgers.ts';
import { webhookServer } from '../../../services/ingest/src/producer/server.ts';
import { sources } from '../../../services/ingest/src/sources/registry.ts';

const yes = { status: 200, headers: {}, body: '' };
const app = webhookServer({
  take: async () => yes,
  doors: doorsOf(sources, accountsOf('local'), 0, Date.now()),
  forgers: forgersAt(),
  ready: async () => true,
  stopping: () => false,
  clock: Date.now,
  publicUrl: 'http://127.0.0.1',
  behindBalancer: false,
  refuse: () => ({ status: 500, headers: {}, body: 'the bench sends nothing that is refused' }),
  failed: (error) => { throw error; },
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true, port: (app.server.address() as AddressInfo).port });
