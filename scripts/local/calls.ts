import { DatabaseSync } from 'node:sqlite';

/** AWS calls of one caller, operation and HTTP status, since the data directory was made. Bytes are of bodies. */
export interface CallCount {
  readonly accessKeyId: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly calls: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

type Counter = { -readonly [K in keyof CallCount]: CallCount[K] };

/**
 * Counts of AWS calls, as the endpoint that took them saw them. Kept in memory, saved a few times a second, so that a
 * killed process forgets less than a second of counting (never of data).
 */
export class CallLedger {
  readonly #database: DatabaseSync;
  readonly #counters = new Map<string, Counter>();
  readonly #dirty = new Set<Counter>();
  readonly #timer: NodeJS.Timeout;

  constructor(file: string, saveEveryMs = 500) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
      CREATE TABLE IF NOT EXISTS call (access_key TEXT, service TEXT, operation TEXT, status INTEGER,
        calls INTEGER, request_bytes INTEGER, response_bytes INTEGER, PRIMARY KEY (access_key, service, operation, status))`);
    const rows = this.#database.prepare(`SELECT access_key AS accessKeyId, service, operation, status, calls,
      request_bytes AS requestBytes, response_bytes AS responseBytes FROM call`).all();
    for (const row of rows as unknown as Counter[]) {
      this.#counters.set(`${row.accessKeyId}\n${row.service}\n${row.operation}\n${row.status}`, { ...row });
    }
    this.#timer = setInterval(() => this.save(), saveEveryMs);
    this.#timer.unref();
  }

  count(accessKeyId: string, service: string, operation: string, status: number, requestBytes: number, responseBytes: number, calls = 1): void {
    const key = `${accessKeyId}\n${service}\n${operation}\n${status}`;
    let counter = this.#counters.get(key);
    if (!counter) {
      counter = { accessKeyId, service, operation, status, calls: 0, requestBytes: 0, responseBytes: 0 };
      this.#counters.set(key, counter);
    }
    counter.calls += calls;
    counter.requestBytes += requestBytes;
    counter.responseBytes += responseBytes;
    this.#dirty.add(counter);
  }

  /** Adds what another endpoint has counted since it last told. */
  add(counts: readonly CallCount[]): void {
    for (const c of counts) this.count(c.accessKeyId, c.service, c.operation, c.status, c.requestBytes, c.responseBytes, c.calls);
  }

  snapshot(): CallCount[] {
    return [...this.#counters.values()].map((counter) => ({ ...counter }));
  }

  save(): void {
    if (this.#dirty.size === 0) return;
    const put = this.#database.prepare('INSERT OR REPLACE INTO call VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#database.exec('BEGIN');
    for (const c of this.#dirty) put.run(c.accessKeyId, c.service, c.operation, c.status, c.calls, c.requestBytes, c.responseBytes);
    this.#database.exec('COMMIT');
    this.#dirty.clear();
  }

  close(): void {
    clearInterval(this.#timer);
    this.save();
    this.#database.close();
  }
}
