import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { accountsOf } from '@orderflow/shared/accounts';
import { refuse } from '../intake/refuse.ts';
import { take } from '../intake/take.ts';
import { doorsOf } from '../producer/doors.ts';
import { forgersAt } from '../producer/forgers.ts';
import { webhookServer, type ServerParts } from '../producer/server.ts';
import type { Delivery } from '../intake/delivery.ts';
import type { SourceDefinition } from '../sources/definition.ts';
import { sources } from '../sources/registry.ts';
import { memoryIntake, noon, type MemoryIntake } from './memory.ts';

export interface TestServer {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly intake: MemoryIntake;
  /** What was refused before the use case was asked. */
  readonly refused: string[];
  readonly failed: unknown[];
  stopping: boolean;
  close(): Promise<void>;
}

export interface TestServerParts extends Partial<ServerParts> {
  readonly intake?: MemoryIntake;
  readonly sources?: readonly SourceDefinition[];
  /** Deliveries a second for each account; 0: no limit. */
  readonly perSecond?: number;
}

/** The producer's server on a free port over intake in memory; parts may be replaced. */
export async function testServer({ intake = memoryIntake(), sources: some = sources, perSecond = 0, ...parts }: TestServerParts = {}): Promise<TestServer> {
  const server = { stopping: false, refused: [] as string[], failed: [] as unknown[] };
  const sourceNamed = (name: string): SourceDefinition | undefined => some.find((source) => source.name === name);
  const app = webhookServer({
    take: (delivery) => take(delivery, { ...intake, sourceNamed }),
    doors: doorsOf(some, accountsOf('local'), perSecond, noon),
    forgers: forgersAt(),
    ready: async () => true,
    stopping: () => server.stopping,
    clock: intake.clock,
    publicUrl: undefined,
    behindBalancer: false,
    refuse(reason, source, headers) {
      server.refused.push(reason);
      return refuse(reason, intake, source, headers);
    },
    failed: (error) => void server.failed.push(error),
    ...parts,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return Object.assign(server, {
    app, intake, port: (app.server.address() as AddressInfo).port,
    async close() {
      const closed = app.close();
      app.server.closeAllConnections();
      await closed;
    },
  });
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. */
export function ask(port: number, path: string, options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: Uint8Array | string } = {}): Promise<HttpReply> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString('utf8') }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Posts a signed delivery to its source and account. */
export const post = (port: number, { source, account, headers, body }: Delivery, more: Record<string, string> = {}): Promise<HttpReply> =>
  ask(port, `/webhooks/${source}${account === 'default' ? '' : `/${account}`}`, { method: 'POST', headers: { ...(headers as Record<string, string>), ...more }, body });

/** A connection that says whatever a test has it say. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came back until the server closed the connection. */
  readonly ended: Promise<string>;
  /** Resolves with what has come back as soon as it holds `text`. */
  heard(text: string): Promise<string>;
}

export function rawConnection(port: number, ...said: readonly (string | Uint8Array)[]): RawConnection {
  let text = '';
  const waiting = new Set<() => void>();
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    text += part;
    for (const look of waiting) look();
  });
  socket.on('error', () => undefined);
  for (const one of said) socket.write(one);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  return {
    socket, ended,
    heard: (wanted) => new Promise((resolve, reject) => {
      const look = (): void => {
        if (!text.includes(wanted)) return;
        waiting.delete(look);
        resolve(text);
      };
      waiting.add(look);
      void ended.then(() => reject(new Error(`closed before it said ${wanted}: ${text}`)));
      look();
    }),
  };
}
