import { AwsError } from '../service.ts';
import type { CallRule } from '../faults/rules.ts';
import { fitter, Striker, type Armed, type Strikes } from '../faults/strikes.ts';
import type { RuledCheckpoint } from './checkpoints.ts';
import type { GatedCall, Refusal } from './gate.ts';
import { throttling } from './throttling.ts';

/** What a rule has done by now, told to the main thread at every strike. */
export interface FaultReport extends Strikes {
  readonly id: string;
}

export interface FaultsCheckpoint extends RuledCheckpoint {
  set(rules: readonly Armed<CallRule>[]): void;
}

const pause = (ms: number): Promise<undefined> => new Promise((done) => setTimeout(() => done(undefined), ms));

const textOf = (call: GatedCall): string => `${decodeURIComponent(call.path)}\n${JSON.stringify(call.input())}`;

/** The endpoint's share of faults on demand. Without rules nothing is looked at. */
export function openFaults(report: (payload: unknown) => void): FaultsCheckpoint {
  interface Held { readonly rule: CallRule; readonly added: number; readonly striker: Striker; readonly operation: (text: string) => boolean; readonly caller: (text: string) => boolean }
  let held: readonly Held[] = [];

  const strikes = ({ rule, striker }: Held): boolean => {
    if (!striker.strikes()) return false;
    report({ id: rule.id, seen: striker.seen, hits: striker.hits } satisfies FaultReport);
    return true;
  };
  const isAbout = ({ rule, striker, operation, caller }: Held, call: GatedCall): boolean =>
    !striker.spent && rule.service === call.service && operation(call.operation) && caller(call.accessKeyId);
  const fits = (one: Held, call: GatedCall): boolean => isAbout(one, call) && (one.rule.containing === undefined || textOf(call).includes(one.rule.containing));
  const outcome = ({ rule }: Held, call: GatedCall): Refusal | Promise<undefined> | undefined => {
    const { fault } = rule;
    switch (fault.kind) {
      case 'error':
        return new AwsError(fault.code, fault.message, fault.status);
      case 'throttle':
        return throttling(call.service);
      case 'delay':
        return pause(fault.ms);
      case 'reply-lost':
      case 'partial':
        return undefined;
    }
  };

  return {
    set(rules) {
      const before = new Map(held.map((one) => [one.rule.id, one]));
      held = rules.map((armed) => {
        const { rule, added } = armed;
        const kept = before.get(rule.id);
        // what this endpoint has counted itself is never older than what it is told
        const striker = kept?.added === added ? kept.striker : new Striker(armed);
        return { rule, added, striker, operation: fitter(rule.operation), caller: fitter(rule.caller) };
      });
    },
    before(call) {
      if (held.length === 0) return undefined;
      let waiting: Promise<undefined> | undefined;
      for (const one of held) {
        if (one.rule.fault.kind === 'reply-lost' || one.rule.fault.kind === 'partial' || !fits(one, call) || !strikes(one)) continue;
        const result = outcome(one, call);
        if (!(result instanceof Promise)) return waiting ? waiting.then(() => result) : result;
        waiting = waiting ? waiting.then(() => result) : result;
      }
      return waiting;
    },
    after(call) {
      if (held.length === 0) return 'answered';
      return held.some((one) => one.rule.fault.kind === 'reply-lost' && fits(one, call) && strikes(one)) ? 'lost' : 'answered';
    },
    failing(call, ids) {
      if (held.length === 0) return undefined;
      // a record's id names its key; what else a batch holds is told by the whole call
      const byKey = call.service === 'kinesis';
      const one = held.find((each) => each.rule.fault.kind === 'partial' && (byKey ? isAbout(each, call) : fits(each, call)));
      if (one?.rule.fault.kind !== 'partial') return undefined;
      const { rule: { containing, fault: { code } } } = one;
      const refusal = code === undefined ? throttling(call.service) : new AwsError(code, 'a fault on demand');
      return new Map(ids.filter((id) => (!byKey || containing === undefined || id.includes(containing)) && strikes(one)).map((id) => [id, refusal]));
    },
  };
}
