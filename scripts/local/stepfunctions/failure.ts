/** A named error of a state, as `Retry` and `Catch` see it. */
export class StateFailure extends Error {
  readonly error: string;
  override readonly cause: string;
  /** Another name under which `Retry` and `Catch` find it: a missing heartbeat is a time-out too. */
  readonly alias: string | undefined;
  constructor(error: string, cause = '', alias?: string) {
    super(`${error}: ${cause}`);
    this.name = 'StateFailure';
    this.error = error;
    this.cause = cause;
    this.alias = alias;
  }
}

/** The execution (or the branch around) was ended from outside: nobody handles it. */
export class Ended extends Error {}

/** The execution's own limit, or its machine's removal, ended it. */
export class Finished extends Error {}

/** What an error says of itself; without a cause there is none. */
export const detailsOf = ({ error, cause }: StateFailure): { error: string; cause?: string } => ({ error, ...(cause === '' ? {} : { cause: cause.slice(0, 32_768) }) });

/**
 * Whether an `ErrorEquals` list covers the error. `States.TaskFailed` stands for everything but a time-out;
 * `States.Runtime` and `States.DataLimitExceeded` are covered by no wildcard.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function covers(names: readonly string[], { error, alias }: Pick<StateFailure, 'error' | 'alias'>): boolean {
  const final = error === 'States.DataLimitExceeded' || error === 'States.Runtime';
  return names.some((name) =>
    name === error || name === alias || (name === 'States.ALL' && !final) || (name === 'States.TaskFailed' && error !== 'States.Timeout' && !final));
}
