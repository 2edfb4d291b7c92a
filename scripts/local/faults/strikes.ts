import { random } from '../../demo/random.ts';
import type { FaultRule } from './rules.ts';

/** How often a rule has fitted and struck. */
export interface Strikes {
  readonly seen: number;
  readonly hits: number;
}

/** A rule as an endpoint holds it. */
export interface Armed<R extends FaultRule> {
  readonly rule: R;
  /** Which addition of rules it came with: the same rule added again begins anew. */
  readonly added: number;
  /** What it has done so far, told by whoever held it before. */
  readonly strikes: Strikes;
}

/** `orders-*` → does the text fit? Absent: everything does. */
export function fitter(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined || pattern === '*') return () => true;
  if (!pattern.includes('*')) return (text) => text === pattern;
  const expression = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&')).join('.*')}$`, 's');
  return (text) => expression.test(text);
}

/** Counts what fits a rule and says when it strikes. */
export class Striker {
  seen: number;
  hits: number;
  readonly #rule: FaultRule;
  readonly #chance: () => number;

  constructor({ rule, strikes }: Armed<FaultRule>) {
    this.#rule = rule;
    this.seen = strikes.seen;
    this.hits = strikes.hits;
    const draws = random(rule.seed, rule.id, strikes.seen);
    this.#chance = () => draws.next();
  }

  get spent(): boolean {
    return this.#rule.times !== undefined && this.hits >= this.#rule.times;
  }

  /** One more that fits. */
  strikes(): boolean {
    if (this.spent) return false;
    this.seen += 1;
    if (this.seen <= this.#rule.skip || (this.#rule.probability < 1 && this.#chance() >= this.#rule.probability)) return false;
    this.hits += 1;
    return true;
  }
}
