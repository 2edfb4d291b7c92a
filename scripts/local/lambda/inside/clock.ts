/** The function's `Date`, which can be set off; the true time stays behind `trueNow`. */
export const trueNow = Date.now.bind(Date);
let skew = 0;

export function setSkew(ms: number): void {
  skew = ms;
}

/** The prototype is shared, so that dates made by Node itself are still dates. */
export function replaceDate(): void {
  const Real = Date;
  function Skewed(this: unknown, ...given: unknown[]): unknown {
    // called without new it answers a text
    const made = new.target as unknown;
    if (made === undefined) return new Real(trueNow() + skew).toString();
    return given.length === 0 ? Reflect.construct(Real, [trueNow() + skew], new.target) : Reflect.construct(Real, given, new.target);
  }
  Object.defineProperties(Skewed, Object.getOwnPropertyDescriptors({ ...Object.fromEntries(['UTC', 'parse'].map((name) => [name, Real[name as 'UTC'].bind(Real)])), now: () => trueNow() + skew }));
  Object.defineProperty(Skewed, 'name', { value: 'Date' });
  Object.defineProperty(Skewed, 'length', { value: 7 });
  Object.defineProperty(Skewed, 'prototype', { value: Real.prototype, writable: false });
  Object.defineProperty(Real.prototype, 'constructor', { value: Skewed, writable: true, configurable: true, enumerable: false });
  (globalThis as { Date: unknown }).Date = Skewed;
}
