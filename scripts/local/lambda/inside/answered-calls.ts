import { subscribe } from 'node:diagnostics_channel';

/** HTTP/1.1, HTTP/2 and fetch tell here that an answer has come. */
const ANSWERED = ['http.client.response.finish', 'http2.client.stream.finish', 'undici:request:headers'];
let left = Infinity;
let act = (): void => undefined;
let listening = false;

/** Runs `then` once `count` more HTTP calls of this thread have been answered. */
export function afterAnsweredCalls(count: number, then: () => void): void {
  left = count;
  act = then;
  if (listening) return;
  listening = true;
  for (const channel of ANSWERED) {
    subscribe(channel, () => {
      left -= 1;
      if (left === 0) act();
    });
  }
}

export function countNoCalls(): void {
  left = Infinity;
}
