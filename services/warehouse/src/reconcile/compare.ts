/** Where something that was accepted is, if it is not loaded. */
export type Place = 'inFlight' | 'parked' | 'quarantined';
export type DifferenceKind = 'lost' | 'row missing' | 'amount differs' | 'stale' | 'never received' | 'differs from the source';

/** Source, account, UTC day, currency (`-`: none) and what: one line of the comparison. */
export interface Group {
  readonly what: string;
  readonly source: string;
  readonly account: string;
  readonly day: string;
  readonly currency: string;
}

/** Amounts are decimal text in the currency's own unit. */
export interface Absent extends Group {
  readonly eventId: string;
  readonly key: string;
  readonly amount: string | null;
}

/** A key whose newest line is not what the warehouse shows. */
export interface Unlike extends Absent {
  readonly sequence: string;
  /** What stands in the warehouse; null: nothing does. */
  readonly standing: { readonly sequence: string; readonly amount: string | null } | null;
}

export interface Difference extends Absent {
  readonly kind: DifferenceKind;
  readonly warehouseAmount: string | null;
}

export interface Counted {
  readonly count: number;
  readonly amount: string;
}

/** accepted = loaded + inFlight + parked + quarantined + different, in count and money. */
export interface Sum extends Group {
  readonly accepted: Counted;
  readonly loaded: Counted;
  readonly inFlight: Counted;
  readonly parked: Counted;
  readonly quarantined: Counted;
  readonly different: Counted;
}

const scale = 4;
/** Decimal text of at most four decimals as ten-thousandths. */
const units = (text: string | null): bigint => {
  if (text === null) return 0n;
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d{1,4})0*)?$/.exec(text) ?? [];
  const size = BigInt(whole + part.padEnd(scale, '0'));
  return sign === '-' ? -size : size;
};
const textOf = (size: bigint): string => {
  const digits = (size < 0n ? -size : size).toString().padStart(scale + 1, '0');
  return `${size < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

export const groupName = ({ what, source, account, day, currency }: Group): string => [what, source, account, day, currency].join('\n');

interface Found {
  readonly places: ReadonlyMap<string, Place>;
  readonly absent: readonly Absent[];
  readonly unlike: readonly Unlike[];
  readonly sums: readonly (Group & { readonly accepted: number; readonly amount: string })[];
}

/** What a key unlike its newest line is, when the event of that line is loaded, or is nowhere. */
function kindOf({ standing, sequence }: Unlike, lost: boolean): DifferenceKind {
  if (lost) return 'lost';
  if (!standing) return 'row missing';
  return standing.sequence < sequence ? 'stale' : 'amount differs';
}

/**
 * Sums by group and every difference by its key. Pure. An event that is not loaded and in no place is lost; a key whose
 * newest event is in a place counts there; one that is loaded and shows otherwise differs.
 */
export function compare({ places, absent, unlike, sums }: Found): { readonly sums: Sum[]; readonly differences: Difference[] } {
  const absentIds = new Set(absent.map(({ eventId }) => eventId));
  const differences: Difference[] = [];
  const moved = new Map<string, Record<Place | 'different', { count: number; units: bigint }>>();
  const move = (one: Absent, where: Place | 'different'): void => {
    const none = (): { count: number; units: bigint } => ({ count: 0, units: 0n });
    const of = moved.get(groupName(one)) ?? { inFlight: none(), parked: none(), quarantined: none(), different: none() };
    moved.set(groupName(one), of);
    of[where].count++;
    of[where].units += units(one.amount);
  };

  const keysUnlike = new Set(unlike.map(({ eventId }) => eventId));
  for (const one of unlike) {
    const isAbsent = absentIds.has(one.eventId);
    const place = isAbsent ? places.get(one.eventId) : undefined;
    if (place !== undefined) move(one, place);
    else {
      move(one, 'different');
      differences.push({ ...one, kind: kindOf(one, isAbsent), warehouseAmount: one.standing?.amount ?? null });
    }
  }
  for (const one of absent) {
    if (keysUnlike.has(one.eventId)) continue;
    const place = places.get(one.eventId);
    // an older event of a key that is as it should be: it changes no sum, but it must be somewhere
    if (one.what === 'other') move(one, place ?? 'different');
    if (place === undefined) differences.push({ ...one, kind: 'lost', warehouseAmount: null });
  }
  return {
    differences,
    sums: sums.map(({ accepted, amount, ...group }): Sum => {
      const at = moved.get(groupName(group));
      const counted = (where: Place | 'different'): Counted => ({ count: at?.[where].count ?? 0, amount: textOf(at?.[where].units ?? 0n) });
      const parts = { inFlight: counted('inFlight'), parked: counted('parked'), quarantined: counted('quarantined'), different: counted('different') };
      const elsewhere = Object.values(parts);
      return {
        ...group, accepted: { count: accepted, amount: textOf(units(amount)) }, ...parts,
        loaded: {
          count: elsewhere.reduce((left, { count }) => left - count, accepted),
          amount: textOf(elsewhere.reduce((left, part) => left - units(part.amount), units(amount))),
        },
      };
    }),
  };
}

/** What the source says and we do not show: never received, unless it is under way: accepted, parked, or too new to have been asked for. */
export function compareWithSource(unlike: readonly Unlike[], underWay: (one: Unlike) => boolean): Difference[] {
  return unlike.filter((one) => !underWay(one)).map((one) => ({
    ...one, kind: one.standing ? 'differs from the source' : 'never received', warehouseAmount: one.standing?.amount ?? null,
  }));
}
