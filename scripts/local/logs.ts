/** CloudWatch Logs in small: bounded on disk. */
export interface LogStore {
  /** Creates group and stream as needed. `at` is epoch milliseconds, default now. Never throws for lack of room: the oldest go. */
  append(group: string, stream: string, message: string, at?: number): void;
  ensureGroup(group: string, retentionDays?: number): void;
  removeGroup(group: string): void;
}
