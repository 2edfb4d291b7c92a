import type { Server } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Listens and answers the port taken (0 asks for a free one). A busy port is told in one line. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is in use: stop what listens there or choose another with --port-base`) : error));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
