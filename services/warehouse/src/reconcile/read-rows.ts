import type { Cell } from '@orderflow/shared/aws';
import type { Absent, Group, Unlike } from './compare.ts';

/** With the time at which intake took it, milliseconds since 1970. */
export type Dated<T> = T & { readonly recordedAt: number };

const text = (cell: Cell | undefined): string => String(cell ?? '');
const optional = (cell: Cell | undefined): string | null => (cell === null || cell === undefined ? null : String(cell));
const at = (cell: Cell | undefined): number => Date.parse(`${text(cell).replace(' ', 'T')}Z`);

/** A row of `absentEvents`. */
export const absentOf = ([id, what, source, account, day, currency, amount, key, recorded]: Cell[]): Dated<Absent> =>
  ({ eventId: text(id), what: text(what), source: text(source), account: text(account), day: text(day), currency: text(currency), amount: optional(amount), key: text(key), recordedAt: at(recorded) });
/** A row of `unlikeRows`. */
export const unlikeOf = ([what, key, id, source, account, day, currency, amount, sequence, recorded, standing, standingAmount]: Cell[]): Dated<Unlike> => ({
  what: text(what), key: text(key), eventId: text(id), source: text(source), account: text(account), day: text(day), currency: text(currency), amount: optional(amount),
  sequence: text(sequence), recordedAt: at(recorded), standing: standing === null || standing === undefined ? null : { sequence: text(standing), amount: optional(standingAmount) },
});
/** A row of `acceptedSums`. */
export const sumOf = ([what, source, account, day, currency, count, amount]: Cell[]): Group & { readonly accepted: number; readonly amount: string } =>
  ({ what: text(what), source: text(source), account: text(account), day: text(day), currency: text(currency), accepted: Number(count), amount: text(amount) });
