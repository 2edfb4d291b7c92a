/** What became of the deliveries of the archive and of the events that they say. */
export const counted = [
  /** Deliveries read. */
  'deliveries',
  /** … whose bodies were blanked since, because somebody was forgotten. */
  'erased',
  /** … of a source or account that is not configured. */
  'unconfigured',
  /** Events that say what the warehouse has. */
  'same',
  /** Events that say something else now: corrected. */
  'corrected',
  /** … under another key: rows of the old one stay. */
  'moved',
  /** Events that were never accepted: taken now, as history. */
  'taken',
  /** Events that came again; the first delivery counts. */
  'repeated',
  /** Events on their way: not loaded yet, or too young to tell. */
  'inFlight',
  /** Thin notices: what was fetched for them is a delivery of its own. */
  'notices',
  /** Items that cannot be read, as before. */
  'unreadable',
  /** Items that were read once and cannot be any longer: their rows stay. */
  'refused',
] as const;
export type Counted = (typeof counted)[number];
export type Counts = Record<Counted, number>;

export const noCounts = (): Counts => Object.fromEntries(counted.map((name) => [name, 0])) as Counts;

/** Of these a few are named. */
export type Sampled = Extract<Counted, 'corrected' | 'moved' | 'taken' | 'refused'>;

/** An event by its id and what it is about; nobody is named. */
export interface Sample {
  readonly what: Sampled;
  readonly id: string;
  readonly type: string;
  readonly key: string;
}
export const mostSamples = 20;

/** An object of the archive that cannot be read from an offset on. */
export interface Damage {
  readonly key: string;
  readonly offset: number;
  readonly reason: string;
}
