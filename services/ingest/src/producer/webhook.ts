import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@orderflow/shared/lambda';
import type { Delivery } from '../intake/delivery.ts';
import { inflated, takenEncodings } from '../intake/inflate.ts';
import type { Answer, Reason } from '../intake/refusals.ts';
import type { SourceDefinition } from '../sources/definition.ts';
import type { Door, FindDoor } from './doors.ts';
import { remoteAddress, type Forgers } from './forgers.ts';
import type { ServerLimits } from './limits.ts';
import type { Load, Place } from './load.ts';
import { announcedBytes, readBody } from './read-body.ts';
import { respond, respondUnread, waitsToWrite } from './respond.ts';

export interface WebhookParts {
  readonly take: (delivery: Delivery) => Promise<Answer>;
  readonly doors: FindDoor;
  readonly forgers: Forgers;
  readonly load: Load;
  readonly limits: ServerLimits;
  readonly clock: Clock;
  /** Address under which senders know us, without a slash at the end; else what the request says of it. */
  readonly publicUrl: string | undefined;
  readonly behindBalancer: boolean;
  /** The answer to what is refused before `take` is asked, counted and logged. */
  readonly refuse: (reason: Reason, source?: SourceDefinition, headers?: Readonly<Record<string, string>>) => Answer;
  /** Told of errors that no rule covers. */
  readonly failed: (error: unknown) => void;
  /** True while the process stops: connections end with their answers. */
  readonly stopping: () => boolean;
}

/** A request with what its path says. */
export interface Sent {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly source: string;
  readonly account: string;
}

const soon = { 'retry-after': '1' };

/**
 * Takes one webhook over HTTP. In this order, the cheap before the dear: is the address known, has the account (and the
 * address that speaks) allowance left, is the announced size in bounds, is there room; then the body is read, inflated,
 * and only then does the use case verify and read it.
 */
export function webhook(parts: WebhookParts): (sent: Sent) => Promise<void> {
  const { take, doors, forgers, load, limits, clock, publicUrl, behindBalancer, refuse, failed, stopping } = parts;

  const turnAway = (door: Door, request: IncomingMessage, now: number): Answer | undefined => {
    const wait = door.allowance?.wait(now) ?? 0;
    if (wait > 0) return refuse('too-many', door.source, { 'retry-after': String(wait) });
    const later = forgers.wait(door, remoteAddress(request, behindBalancer), now);
    if (later > 0) return refuse('too-many-forged', door.source, { 'retry-after': String(later) });
    if (announcedBytes(request) > door.mostBytes) return refuse('too-large', door.source);
    return undefined;
  };
  /** @returns undefined when the sender is gone */
  const enter = async (sent: Sent, door: Door, place: Place, receivedAt: number): Promise<Answer | undefined> => {
    const { request, response, source, account } = sent;
    if (waitsToWrite(request)) response.writeContinue();
    const read = await readBody(request, door.mostBytes, place.grow);
    if (read === 'gone') return undefined;
    if (typeof read === 'string') return refuse(read === 'no-room' ? 'busy' : read, door.source, read === 'no-room' ? soon : undefined);

    const encoding = request.headers['content-encoding'];
    const body = encoding === undefined ? read : await inflated(read, encoding, door.mostBytes);
    if (body === 'encoding') return refuse(body, door.source, { 'accept-encoding': takenEncodings });
    if (typeof body === 'string') return refuse(body === 'corrupt' ? 'corrupt-encoding' : body, door.source);
    if (body !== read && !place.grow(body.byteLength)) return refuse('busy', door.source, soon);

    const now = clock();
    if (door.allowance?.take(now) === false) return refuse('too-many', door.source, { 'retry-after': String(door.allowance.wait(now)) });
    const answer = await take({
      source,
      account,
      method: request.method ?? 'POST',
      url: `${publicUrl ?? `http://${request.headers.host ?? ''}`}${request.url ?? ''}`,
      // one text a name but for set-cookie, which no sender signs
      headers: request.headers as Delivery['headers'],
      body,
      receivedAt,
    });
    if (answer.status === 401) {
      door.allowance?.giveBack();
      forgers.failed(door, remoteAddress(request, behindBalancer), now);
    }
    return answer;
  };

  return async (sent) => {
    const { request, response, source, account } = sent;
    const receivedAt = clock();
    const turnedAway = (answer: Answer): void => respondUnread(request, response, answer, stopping(), limits);
    const door = doors(source, account);
    if (typeof door === 'string') {
      turnedAway(refuse(door));
      return;
    }
    const early = turnAway(door, request, receivedAt);
    const place = early ? undefined : load.enter();
    if (!place) {
      turnedAway(early ?? refuse('busy', door.source, soon));
      return;
    }
    try {
      const answer = await enter(sent, door, place, receivedAt);
      if (!answer) return;
      if (request.complete) respond(response, answer, stopping());
      else respondUnread(request, response, answer, true, limits);
    } catch (error) {
      failed(error);
      if (!response.headersSent) turnedAway(refuse('failed', door.source));
    } finally {
      place.leave();
    }
  };
}
