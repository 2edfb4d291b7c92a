import type { MailStore } from './store.ts';

/** Puts an SES event (bounce, complaint, delivery) on the topic of a configuration set. */
export type PublishEvent = (topicArn: string, message: string) => Promise<void>;

const AGAIN_MS = 1000;
/** A topic that is gone takes no events any more. */
const GONE = /NotFound/;

/** Gives waiting events to SNS in their order; what it does not take is tried again, after a restart too. Answers how to stop. */
export function publishEvents(store: MailStore, publish: PublishEvent): () => Promise<void> {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  const drain = async (): Promise<void> => {
    for (;;) {
      const [next] = store.waitingEvents();
      if (!next || stopping.signal.aborted) return;
      await publish(next.topicArn, next.message).catch((error: unknown) => {
        if (!GONE.test(String(error))) throw error;
        process.stderr.write(`local cloud: ses: an event is dropped, its topic is gone: ${next.topicArn}\n`);
      });
      store.settleEvent(next.id);
    }
  };
  const begin = (): void => {
    running ??= drain()
      .catch((error: unknown) => {
        process.stderr.write(`local cloud: ses: an event is published again later: ${error instanceof Error ? error.message : String(error)}\n`);
        again = setTimeout(begin, AGAIN_MS).unref();
      })
      .finally(() => (running = undefined));
  };
  store.onEvents = begin;
  begin();
  return async () => {
    stopping.abort();
    clearTimeout(again);
    store.onEvents = () => undefined;
    await running;
  };
}
