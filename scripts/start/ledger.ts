import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync, writeSync, renameSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** What the sender knows of one delivery: written the moment it was answered. */
export interface Answer {
  /** Position in the stream. */
  readonly n: number;
  /** First 16 hex digits of the SHA-256 of the body. */
  readonly hash: string;
  /** HTTP status of the last answer. */
  readonly status: number;
  /** Milliseconds since 1970: first byte sent, answer received. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** What makes a finite run the same run: a killed one is resumed under the same words only. */
export interface RunRecord {
  readonly id: string;
  /** Options that decide what is sent. */
  readonly words: string;
  readonly epoch: number;
  readonly state: 'running' | 'finished';
}

/** The sender's ledger: one NDJSON line for each answered delivery; survives a SIGKILL at any byte. */
export class Ledger {
  readonly file: string;
  readonly #fd: number;
  readonly #answered = new Map<number, number>();

  private constructor(file: string) {
    this.file = file;
    this.#fd = openSync(file, 'a+');
    const { size } = fstatSync(this.#fd);
    const last = Buffer.alloc(1);
    // a line that the kill cut short must not run into the next one
    if (size > 0 && readSync(this.#fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeSync(this.#fd, '\n');
  }

  static async open(file: string): Promise<Ledger> {
    const ledger = new Ledger(file);
    for await (const answer of answersIn(file)) ledger.#answered.set(answer.n, answer.status);
    return ledger;
  }

  /** Status that delivery `n` was answered with, if it was. */
  answered(n: number): number | undefined {
    return this.#answered.get(n);
  }

  get size(): number {
    return this.#answered.size;
  }

  add(answer: Answer): void {
    const { n, hash, status, sentAt, answeredAt } = answer;
    writeSync(this.#fd, `${JSON.stringify([n, hash, status, sentAt, answeredAt])}\n`);
    this.#answered.set(n, status);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Every whole line of a ledger, in order of answers; none if nothing was ever sent. */
export async function* answersIn(file: string): AsyncGenerator<Answer> {
  if (!existsSync(file)) return;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    let fields: unknown;
    try {
      fields = JSON.parse(line);
    } catch {
      continue; // cut short by a kill
    }
    if (!Array.isArray(fields) || fields.length !== 5) continue;
    const [n, hash, status, sentAt, answeredAt] = fields as [number, string, number, number, number];
    yield { n, hash, status, sentAt, answeredAt };
  }
}

const recordFile = (folder: string): string => join(folder, 'run.json');

/** Written whole or not at all. */
export function saveRecord(folder: string, record: RunRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${recordFile(folder)}.new`, JSON.stringify(record));
  renameSync(`${recordFile(folder)}.new`, recordFile(folder));
}

/**
 * The finite run to carry out: the one that was killed in this folder, if its words are the same, else a new one.
 * @param folder of the sender, below the data directory
 */
export function beginRun(folder: string, words: string, now: number): { readonly record: RunRecord; readonly resumed: boolean } {
  if (existsSync(recordFile(folder))) {
    const before = JSON.parse(readFileSync(recordFile(folder), 'utf8')) as RunRecord;
    if (before.state === 'running' && before.words === words) return { record: before, resumed: true };
  }
  // seconds are part of every id of the demo world: two runs of one data directory never share one
  const record: RunRecord = { id: `run-${now.toString(36)}`, words, epoch: now, state: 'running' };
  saveRecord(folder, record);
  return { record, resumed: false };
}
