/** What the local cloud tells about itself over HTTP, below `/_local/` of its one port. */

/** AWS calls of one caller and operation since the data directory was made. */
export interface CallCount {
  readonly accessKeyId: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly calls: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

const keyOf = (call: CallCount): string => [call.accessKeyId, call.service, call.operation, call.status].join('\n');

/** What was called between two readings. */
export function callsSince(before: readonly CallCount[], after: readonly CallCount[]): CallCount[] {
  const earlier = new Map(before.map((call) => [keyOf(call), call]));
  return after.flatMap((call) => {
    const was = earlier.get(keyOf(call));
    const calls = call.calls - (was?.calls ?? 0);
    if (calls <= 0) return [];
    return [{ ...call, calls, requestBytes: call.requestBytes - (was?.requestBytes ?? 0), responseBytes: call.responseBytes - (was?.responseBytes ?? 0) }];
  });
}

/** What is billed besides calls, since the local cloud was started. */
export interface LambdaUsage {
  readonly invocations: number;
  /** Invocations that ended in an error. */
  readonly errors: number;
  /** Memory × duration. */
  readonly gbSeconds: number;
  readonly stateTransitions: number;
}

interface FunctionUsage {
  readonly invocations: number;
  readonly errors: number;
  readonly gbMs: number;
}

/** Who used what of what the roles of the templates grant, since the local cloud was started. */
export interface AccessUse {
  /** Every granted action and resource of every role, as the policy writes them, with the calls that it let through. */
  readonly granted: readonly AccessCount[];
  readonly denied: readonly AccessCount[];
  /** Roles that nothing works under. */
  readonly idle: readonly string[];
}

export interface AccessCount {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly calls: number;
}

/** Whether anything moves, as the local cloud sees it: records, executions, messages, invocations. */
export interface Idle {
  readonly idle: boolean;
  /** What still moves, for a person: `executions 3`. */
  readonly why: string;
}

export class LocalCloud {
  readonly #base: string;
  constructor(port: number) {
    this.#base = `http://127.0.0.1:${port}/_local`;
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#base}/${path}`, { signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw new Error(`local cloud: /_local/${path} answered ${answer.status}`);
    return answer.json();
  }

  async idle(): Promise<Idle> {
    const { idle, ...rest } = (await this.#get('idle')) as { readonly idle: boolean; readonly [name: string]: unknown };
    const moving = Object.entries(rest).filter(([, count]) => typeof count === 'number' && count > 0);
    return { idle, why: moving.map(([name, count]) => `${name} ${String(count)}`).join(', ') };
  }

  async calls(): Promise<CallCount[]> {
    const answer = (await this.#get('calls')) as CallCount[] | { calls: CallCount[] };
    return Array.isArray(answer) ? answer : answer.calls;
  }

  async usage(): Promise<LambdaUsage> {
    const { functions, transitions } = (await this.#get('usage')) as { functions: Record<string, FunctionUsage>; transitions: number };
    const sum = (name: keyof FunctionUsage): number => Object.values(functions).reduce((all, one) => all + one[name], 0);
    return { invocations: sum('invocations'), errors: sum('errors'), gbSeconds: sum('gbMs') / 1000, stateTransitions: transitions };
  }

  async access(): Promise<AccessUse> {
    return (await this.#get('access')) as AccessUse;
  }

  /** Lets an access key stand for a role, as an instance profile does. */
  async letActAs(accessKeyId: string, role: string): Promise<void> {
    const answer = await fetch(`${this.#base}/access/keys`, { method: 'POST', body: JSON.stringify({ accessKeyId, role }), signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw new Error(`local cloud: ${accessKeyId} as ${role}: ${await answer.text()}`);
  }

  /** Rules of faults on demand, by id: how often each has struck. */
  async faultHits(): Promise<Record<string, number>> {
    const { rules } = (await this.#get('faults')) as { rules: { id: string; hits: number }[] };
    return Object.fromEntries(rules.map(({ id, hits }) => [id, hits]));
  }

  /** Names of all schedules. */
  async schedules(): Promise<string[]> {
    return Object.keys((await this.#get('schedules')) as Record<string, unknown>);
  }

  /** Fires a schedule now. */
  async runSchedule(name: string): Promise<void> {
    const answer = await fetch(`${this.#base}/schedules/run`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }), signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`local cloud: schedule ${name}: ${await answer.text()}`);
  }
}
