import type { Clock } from '@orderflow/shared/lambda';
import { ModelUnusable } from '../port.ts';
import type { Usage } from './answer.ts';

/** Money in one currency, whichever the prices are in; prices for a million tokens. */
export interface Prices {
  readonly promptPrice: number;
  readonly completionPrice: number;
}

export interface Caps {
  /** Most that one process spends in a UTC day. */
  readonly perDay: number;
  /** Most that one batch (one call of the port) costs. */
  readonly perBatch: number;
}

const dayMs = 86_400_000;

/** What was spent, and what calls under way may still cost. One for the life of a process. */
export class Budget {
  private day = -1;
  private spent = 0;
  private readonly prices: Prices;
  private readonly caps: Caps;
  private readonly clock: Clock;

  constructor(prices: Prices, caps: Caps, clock: Clock) {
    this.prices = prices;
    this.caps = caps;
    this.clock = clock;
  }

  /** The account of one batch. */
  batch(): BatchAccount {
    let spent = 0;
    return {
      reserve: (most) => {
        const cost = this.costOf(most);
        const day = Math.floor(this.clock() / dayMs);
        if (day !== this.day) [this.day, this.spent] = [day, 0];
        // written so that NaN is over every cap
        if (!(this.spent + cost <= this.caps.perDay) || !(spent + cost <= this.caps.perBatch)) throw new ModelUnusable('over-budget');
        this.spent += cost;
        spent += cost;
        return (usage) => {
          const back = cost - this.costOf(usage);
          spent -= back;
          // a call from before midnight is the old day's
          if (day === this.day) this.spent -= back;
        };
      },
    };
  }

  private costOf({ promptTokens, completionTokens }: Usage): number {
    return (promptTokens * this.prices.promptPrice + completionTokens * this.prices.completionPrice) / 1_000_000;
  }
}

export interface BatchAccount {
  /**
   * Sets aside what a call may cost at most; what it gives back is told what the call did cost. A call of which that is
   * never known stays at the most.
   * @throws ModelUnusable over-budget
   */
  reserve(most: Usage): (usage: Usage) => void;
}
