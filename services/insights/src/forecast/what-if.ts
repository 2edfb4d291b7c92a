/** Cash flow of a day to come. `due`: of the inflow, what is on its way already. */
export interface CashDay {
  readonly day: string;
  readonly inflow: number;
  readonly due: number;
  readonly refund: number;
  readonly outflow: number;
}

export interface WhatIf {
  /** Days by which customers, or a provider, pay later than now; negative: sooner. */
  readonly delayDays: number;
  /** By how much refunds grow: 1.5 is half as many again. */
  readonly refundFactor: number;
}

export interface ChangedCashDay {
  readonly day: string;
  readonly inflow: number;
  readonly outflow: number;
  readonly net: number;
  /** What is in hand more or less than without the change, from the first day up to and with this one. */
  readonly difference: number;
}

/**
 * The same days if payments came later and more came back. What is on its way comes as it was promised; what is sold from now on
 * moves by the delay, some of it beyond the days that are told. Paid sooner, nothing comes before the first day.
 */
export function whatIf(days: readonly CashDay[], { delayDays, refundFactor }: WhatIf): ChangedCashDay[] {
  const fresh = days.map(({ inflow, due }) => Math.max(0, inflow - due));
  const moved = new Array<number>(days.length).fill(0);
  fresh.forEach((amount, at) => {
    const to = Math.max(0, at + delayDays);
    if (to < moved.length) moved[to] = (moved[to] ?? 0) + amount;
  });
  let difference = 0;
  return days.map((one, at) => {
    const inflow = one.inflow - (fresh[at] ?? 0) + (moved[at] ?? 0);
    const outflow = one.outflow + one.refund * (refundFactor - 1);
    difference += inflow - one.inflow - (outflow - one.outflow);
    return { day: one.day, inflow, outflow, net: inflow - outflow, difference };
  });
}
