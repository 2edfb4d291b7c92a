import { tokenBucket } from './token-bucket.ts';

describe('tokenBucket', () => {
  it('gives its burst at once, then so many a second, and says when', () => {
    const bucket = tokenBucket({ perSecond: 2, burst: 4 }, 0);
    expect([0, 0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, true, false]);
    expect(bucket.wait(0)).toBe(1);
    expect([bucket.take(499), bucket.take(500), bucket.take(500)]).toEqual([false, true, false]);
    expect([bucket.wait(999), bucket.wait(1_000)]).toEqual([1, 0]);
  });

  it('never holds more than its burst, whatever is given back', () => {
    const bucket = tokenBucket({ perSecond: 1, burst: 1 }, 0);
    expect([bucket.take(0), bucket.take(0)]).toEqual([true, false]);
    bucket.giveBack();
    bucket.giveBack();
    expect([bucket.take(0), bucket.take(0), bucket.take(3_600_000), bucket.take(3_600_000)]).toEqual([true, false, true, false]);
  });

  it('is honest about long waits, and unmoved by a clock that is set back', () => {
    const bucket = tokenBucket({ perSecond: 0.1, burst: 1 }, 10_000);
    expect(bucket.take(10_000)).toBe(true);
    expect([bucket.wait(10_000), bucket.wait(9_000), bucket.wait(14_000)]).toEqual([10, 10, 5]);
  });
});
