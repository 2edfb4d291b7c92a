import type { Log, LogCode, LogFields } from '@orderflow/shared/lambda';

type Write = (line: string) => void;
type Level = 'info' | 'warn' | 'error';

/** Levels from the least to the most serious, as LOG_LEVEL names them. */
export const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** JSON lines: a code and ids, never a payload. Lines below `least` are left out. */
export function lineLog(write: Write, clock: () => number, least: (typeof levels)[number] = 'INFO'): Log {
  const line = (level: 'INFO' | 'WARN' | 'ERROR') => (code: LogCode, fields: LogFields = {}): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    write(`${JSON.stringify({ level, time: new Date(clock()).toISOString(), code, ...fields })}\n`);
  };
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
}

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
