import type { Log, LogCode, LogFields } from '@orderflow/shared/lambda';

type Level = 'info' | 'warn' | 'error';

export interface SeldomLog extends Log {
  /** Writes what was held back, with its count. */
  flush(): void;
}

/** Beyond this many kinds of lines at once what is held back is written, so that memory stays bounded. */
const mostKinds = 1_000;

/**
 * A log that a flood of requests does not flood: lines of one level, code, source and reason are written once in
 * `everyMs`; those in between are counted, and the next one says how many (`more`).
 */
export function seldomLog(log: Log, clock: () => number, everyMs = 1_000): SeldomLog {
  const kinds = new Map<string, { level: Level; code: LogCode; fields: LogFields; at: number; more: number }>();
  const flush = (): void => {
    for (const { level, code, fields, more } of kinds.values()) if (more > 0) log[level](code, { ...fields, more });
    kinds.clear();
  };
  const line = (level: Level) => (code: LogCode, fields: LogFields = {}): void => {
    const kind = `${level} ${code} ${String(fields['source'])} ${String(fields['reason'])}`;
    const now = clock();
    const last = kinds.get(kind);
    if (last && now - last.at < everyMs) {
      last.more++;
      last.fields = fields;
      return;
    }
    log[level](code, last && last.more > 0 ? { ...fields, more: last.more } : fields);
    if (!last && kinds.size >= mostKinds) flush();
    kinds.set(kind, { level, code, fields, at: now, more: 0 });
  };
  return { info: line('info'), warn: line('warn'), error: line('error'), flush };
}
