import { readinessOf, type Probe, type Readiness } from './readiness.ts';

const clock = { now: 0 };
let asked = 0;
const works = async (): Promise<void> => {
  asked += 1;
};
const fails = async (): Promise<void> => {
  asked += 1;
  throw new Error('down');
};
beforeEach(() => {
  clock.now = 0;
  asked = 0;
});
const readiness = (...probes: Probe[]): Readiness => readinessOf(probes, () => clock.now);

describe('readiness', () => {
  it('is what became of the last write, and asks nobody while that is fresh', async () => {
    const { saw, ready } = readiness(fails);
    saw(true);
    clock.now = 9_999;
    expect(await ready()).toBe(true);
    saw(false);
    clock.now += 1_999;
    expect(await ready()).toBe(false);
    expect(asked).toBe(0);
  });

  it('is probed when nothing was written lately: one place that works is enough', async () => {
    expect(await readiness(fails, works).ready()).toBe(true);
    expect(await readiness(fails, fails).ready()).toBe(false);
  });

  it('probes once, however many ask, and believes what it found for a while', async () => {
    const { ready } = readiness(works);
    expect(await Promise.all([ready(), ready(), ready()])).toEqual([true, true, true]);
    expect(await ready()).toBe(true);
    expect(asked).toBe(1);
    clock.now = 10_001;
    await ready();
    expect(asked).toBe(2);
  });

  it('recovers without a write', async () => {
    const { saw, ready } = readiness(works);
    saw(false);
    expect(await ready()).toBe(false);
    clock.now = 2_001;
    expect(await ready()).toBe(true);
  });

  it('does not wait for a probe longer than its signal says', async () => {
    const hangs: Probe = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('too late'))));
    // the signal's own timer does not keep a process alive
    const awake = setInterval(() => undefined, 1_000);
    expect(await readinessOf([hangs], () => 0, 20).ready()).toBe(false);
    clearInterval(awake);
  });
});
