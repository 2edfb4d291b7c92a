import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from '../service.ts';
import { StateFailure } from './failure.ts';
import type { BranchRow, ExecutionStore } from './store.ts';

export type TokenAnswer = { readonly output: string } | { readonly error: string; readonly cause: string };

interface Waiting { readonly branch: BranchRow; settle(answer: TokenAnswer): void; beat(): void }

/** Task tokens that executions of this process wait for. */
export interface Tokens {
  readonly waiting: number;
  /**
   * Waits for the token's answer, or for a heartbeat that does not come within `heartbeatMs` of the last one.
   * @throws StateFailure States.Timeout, which catchers know as States.HeartbeatTimeout too
   */
  wait(branch: BranchRow, heartbeatMs: number | undefined): { readonly answer: Promise<TokenAnswer>; cancel(): void; beat(): void };
  /** @throws InvalidToken, TaskTimedOut */
  answer(token: string, answer: TokenAnswer): Promise<void>;
  /** @throws InvalidToken, TaskTimedOut */
  heartbeat(token: string): Promise<void>;
}

const CHECK_BYTES = 6;
const checkOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHECK_BYTES);

/** As on AWS plain base64, so that one who puts it into an address has to encode it. */
export function newToken(): string {
  const bytes = randomBytes(96);
  return Buffer.concat([bytes, checkOf(bytes)]).toString('base64');
}

function isToken(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 96 + CHECK_BYTES && checkOf(bytes.subarray(0, 96)).equals(bytes.subarray(96));
}

const gone = (): AwsError => new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");

/** @param isLoaded whether this process runs the execution already; one that it does not yet finds the answer on disk */
export function createTokens(store: ExecutionStore, clock: Clock, isLoaded: (execution: string) => boolean): Tokens {
  const waiting = new Map<string, Waiting>();

  /** Whoever waits for the token; a row only, while the execution is still to be resumed. */
  const find = async (token: string): Promise<{ branch: BranchRow; waiting?: Waiting }> => {
    if (!isToken(token)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    if (!waiting.has(token)) {
      const row = store.branchOfToken(token);
      if (row?.answer !== null || store.find(row.execution)?.status !== 'RUNNING') throw gone();
      if (!isLoaded(row.execution)) return { branch: row };
      // resumed in this very turn: it waits a moment later
      await new Promise(setImmediate);
    }
    const found = waiting.get(token);
    if (found?.branch.answer !== null) throw gone();
    return { branch: found.branch, waiting: found };
  };
  return {
    get waiting() {
      return waiting.size;
    },
    wait(branch, heartbeatMs) {
      const token = branch.token ?? '';
      let cancel = (): void => undefined;
      let beat = (): void => undefined;
      const answer = new Promise<TokenAnswer>((resolve, reject) => {
        if (heartbeatMs !== undefined) {
          beat = () => {
            cancel();
            const last = branch.heartbeat ?? branch.dispatched;
            if (last !== null) cancel = clock.after(last + heartbeatMs - clock.now(), () => reject(new StateFailure('States.Timeout', '', 'States.HeartbeatTimeout')));
          };
          beat();
        }
        if (branch.answer !== null) return resolve(JSON.parse(branch.answer) as TokenAnswer);
        waiting.set(token, { branch, settle: resolve, beat: () => beat() });
      });
      answer.catch(() => undefined);
      return {
        answer,
        beat: () => beat(),
        cancel() {
          cancel();
          waiting.delete(token);
        },
      };
    },
    async answer(token, answer) {
      const found = await find(token);
      found.branch.answer = JSON.stringify(answer);
      store.saveBranch(found.branch);
      await store.committed();
      found.waiting?.settle(answer);
    },
    async heartbeat(token) {
      const found = await find(token);
      found.branch.heartbeat = clock.now();
      store.saveBranch(found.branch);
      found.waiting?.beat();
      await store.committed();
    },
  };
}
