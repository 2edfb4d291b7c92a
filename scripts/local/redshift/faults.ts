import { Cancelled, isolationViolation } from './errors.ts';
import type { Statement } from './statement-log.ts';

/** What can be made to happen to statements that are to come. */
export interface OrderedFault {
  /** `abort`: ended while it runs, once it has been asked for; `collide`: error 1023 at its end, everything undone. */
  readonly fault: 'abort' | 'collide';
  /** Only calls of which some statement contains this text; absent: any. */
  readonly containing?: string;
  /** How many calls. */
  readonly times: number;
}

export interface StatementFaults {
  order(fault: OrderedFault): void;
  clear(): void;
  report(): { readonly ordered: readonly OrderedFault[]; readonly done: Readonly<Record<'abort' | 'collide', number>> };
  /** The fault that this call is to meet, counted down. */
  take(statement: Statement): 'abort' | 'collide' | undefined;
}

export function statementFaults(): StatementFaults {
  let ordered: { fault: 'abort' | 'collide'; containing?: string; times: number }[] = [];
  const done = { abort: 0, collide: 0 };
  return {
    order: (fault) => void ordered.push({ ...fault }),
    clear: () => void (ordered = []),
    report: () => ({ ordered, done }),
    take(statement) {
      const found = ordered.find(({ containing }) => containing === undefined || statement.parts.some(({ sql }) => sql.includes(containing)));
      if (!found) return undefined;
      found.times -= 1;
      done[found.fault] += 1;
      ordered = ordered.filter(({ times }) => times > 0);
      return found.fault;
    },
  };
}

/** @throws what the fault is shown as */
export function strike(fault: 'abort' | 'collide', pid: number): never {
  throw fault === 'abort' ? new Cancelled(pid) : new Error(isolationViolation(' (ordered)'));
}

/** Body of `POST /_local/redshift`. @throws Error in one line */
export function orderedFault(body: unknown): OrderedFault {
  const { fault, containing, times = 1 } = body as Partial<Record<keyof OrderedFault, unknown>>;
  if (fault !== 'abort' && fault !== 'collide') throw new Error('fault must be "abort" or "collide"');
  if (containing !== undefined && typeof containing !== 'string') throw new Error('containing must be a text');
  if (typeof times !== 'number' || !Number.isInteger(times) || times < 1) throw new Error('times must be a whole number from 1');
  return { fault, times, ...(containing === undefined ? {} : { containing }) };
}
