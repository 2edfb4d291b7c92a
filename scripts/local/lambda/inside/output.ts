import { format } from 'node:util';
import type { FromFunction, LogEntry } from './messages.ts';

const FLUSH_MS = 200;
const FLUSH_CHARACTERS = 64 * 1024;
const LEVELS = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;

/** Takes over the thread's output: every line of stdout and stderr is a log event, and so is every call of the console. */
export function captureOutput(tell: (message: FromFunction) => void, requestId: () => string | undefined): { flush(): void; error(label: string, description: unknown): void } {
  let entries: LogEntry[] = [];
  let size = 0;
  let begun = '';
  let timer: NodeJS.Timeout | undefined;

  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (entries.length === 0) return;
    tell({ kind: 'log', entries });
    entries = [];
    size = 0;
  };
  const add = (text: string): void => {
    entries.push([Date.now(), text]);
    size += text.length;
    if (size > FLUSH_CHARACTERS) send();
    else timer ??= setTimeout(send, FLUSH_MS).unref();
  };
  const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    const lines = (begun + (typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8'))).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) if (line !== '') add(line);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') queueMicrotask(callback as () => void);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;

  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html, text format: time, request id, level, message
  const print = (level: string, ...what: unknown[]): void => add(`${new Date().toISOString()}\t${requestId() ?? 'undefined'}\t${level}\t${format(...what)}`);
  for (const [name, level] of Object.entries(LEVELS)) console[name as keyof typeof LEVELS] = (...what: unknown[]) => print(level, ...what);

  return {
    flush() {
      if (begun !== '') add(begun);
      begun = '';
      send();
    },
    error: (label, description) => add(`${new Date().toISOString()}\t${requestId() ?? 'undefined'}\tERROR\t${label} \t${JSON.stringify(description)}`),
  };
}
