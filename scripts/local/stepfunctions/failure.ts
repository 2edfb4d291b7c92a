/** A named error of a state, as `Retry` and `Catch` see it. */
export class StateFailure extends Error {
  readonly error: string;
  override readonly cause: string;
  constructor(error: string, cause = '') {
    super(`${error}: ${cause}`);
    this.name = 'StateFailure';
    this.error = error;
    this.cause = cause;
  }
}

/** The execution (or the branch around) was ended from outside: nobody handles it. */
export class Ended extends Error {}

/** Whether an `ErrorEquals` list covers the error. https://states-language.net/spec.html#errors */
export function covers(names: readonly string[], error: string): boolean {
  const final = error === 'States.DataLimitExceeded' || error === 'States.Runtime';
  return names.some((name) =>
    name === error || (name === 'States.ALL' && !final) || (name === 'States.TaskFailed' && error !== 'States.Timeout' && !final));
}
