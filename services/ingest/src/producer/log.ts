import type { Log, LogCode, LogFields } from '@orderflow/shared/lambda';

type Write = (line: string) => void;

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
