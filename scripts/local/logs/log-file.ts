/** Groups, streams and events on disk, bounded. */
export interface LogStore {
  /** Creates group and stream as needed. `at` is epoch milliseconds, default now. On disk within a tenth of a second. */
  append(group: string, stream: string, message: string, at?: number): void;
  ensureGroup(group: string, retentionDays?: number): void;
  removeGroup(group: string): void;
}

export interface Group { readonly name: string; readonly made_at: number; readonly retention_days: number | null; readonly tags: string }
export interface Stream { readonly id: number; readonly name: string; readonly made_at: number; readonly first: number | null; readonly last: number | null }
export interface LogEvent { readonly id: number; readonly at: number; readonly took_at: number; readonly message: string; readonly stream: string }
/** Between two events: those after it are later, or as late and of a higher id. */
export interface Place { readonly at: number; readonly id: number }
export interface Span {
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** What the API needs of it, beyond what functions do. */
export interface LogFile extends LogStore {
  groups(prefix: string): Group[];
  group(name: string): Group | undefined;
  setRetention(name: string, days: number | null): void;
  setTags(name: string, tags: Readonly<Record<string, string>>): void;
  streams(group: string, prefix: string): Stream[];
  /** False when it is there already. */
  addStream(group: string, name: string): boolean;
  removeStream(group: string, name: string): void;
  /** At most `most`, in order of time, from just after `place` (or just before, backwards, the latest first). `streams`: undefined = all of the group. */
  events(group: string, streams: readonly number[] | undefined, span: Span, place: Place, most: number, backwards?: boolean): IterableIterator<LogEvent>;
  /** All of it written. */
  flush(): void;
  close(): void;
}
