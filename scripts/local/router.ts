import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { LocalService } from './service.ts';

export type AdminHandler = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse, body: Buffer) => Promise<void> | void;

/** The one AWS port. */
export interface Router {
  readonly port: number;
  /** Takes over the signing names of the service; the last one registered for a name stands. */
  register(service: LocalService): void;
  /** Serves `/_local/<name>` and what stands below it. `/_local/calls` is there from the start. */
  admin(name: string, handler: AdminHandler): void;
  close(): Promise<void>;
}
