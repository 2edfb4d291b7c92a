import fc from 'fast-check';
import { parseEvent } from '@orderflow/shared/events';
import type { Interpretation } from '../intake/interpret.ts';
import { take } from '../intake/take.ts';
import { memoryIntake, noon, signed } from '../testing/memory.ts';
import { bodyWith, leavesOf, payloadOf, rootOf } from '../testing/payloads.ts';
import { fixturesIn, interpretFixture, type Fixture } from './fixtures.ts';
import { sources } from './registry.ts';

const fixtures = fixturesIn(__dirname);
const named = fixtures.map((fixture) => [`${fixture.source}: ${fixture.expected.about}`, fixture] as const);
const eventful = named.filter(([, fixture]) => interpretFixture(fixture).events.length > 0);
const names = sources.map(({ name }) => name);

/** Whatever is made of it: valid events, and for each thing that is refused a code, a path and a reason. */
function sound({ events, rejected }: Interpretation): void {
  for (const event of events) parseEvent(event);
  for (const { code, path, message } of rejected) if (!path.startsWith('$') || code === '' || message === '') throw new Error(`refused without a reason: ${JSON.stringify({ code, path, message })}`);
}

const read = (fixture: Fixture, payload: unknown): Interpretation => interpretFixture(fixture, bodyWith(fixture, payload));

/** Something of another type than the value has. */
const wrong = (value: unknown): unknown => (typeof value === 'string' || typeof value === 'number' ? { not: 'this' } : 'not this');

/** Of each source the first fixture of each set of events, so that every map is met: the others meet random damage. */
const shapes = new Map(eventful.map(([name, fixture]) => [`${fixture.source} ${fixture.expected.via ?? ''} ${interpretFixture(fixture).events.map(({ type }) => type).join()}`, [name, fixture] as const]));

describe('each value of a payload, one after the other', () => {
  it.each([...shapes.values()])('missing, null or of another type: %s', (_, fixture) => {
    // the same place in another entry of a list is read by the same reader
    const leaves = [...new Map(leavesOf(payloadOf(fixture), rootOf(fixture)).map((leaf) => [leaf.path.replace(/\[\d+\]/g, '[]'), leaf])).values()];
    const missed: string[] = [];
    for (const { path, value, replaced } of leaves) {
      for (const by of [undefined, null, wrong(value)]) {
        const found = read(fixture, replaced(by));
        sound(found);
        if (by === undefined && found.rejected.some((one) => one.path === path)) missed.push(path);
      }
    }
    // what must be there is asked for by its name
    expect(missed.length).toBeGreaterThan(0);
  });
});

describe('all at once', () => {
  it.each(named)('nulls everywhere, and empty lists: %s', (_, fixture) => {
    const payload = payloadOf(fixture);
    sound(read(fixture, JSON.parse(JSON.stringify(payload, (key, value: unknown) => (key === '' || (typeof value === 'object' && value !== null) ? value : null)))));
    sound(read(fixture, JSON.parse(JSON.stringify(payload, (_key, value: unknown) => (Array.isArray(value) ? [] : value)))));
    for (const whole of [null, [], {}, 'text', 7, [[]], [null]]) sound(read(fixture, whole));
  });

  it.each(named)('random damage: %s', (_, fixture) => {
    const leaves = leavesOf(payloadOf(fixture));
    if (leaves.length === 0) return;
    const junk = fc.constantFrom<unknown>(undefined, null, '', 0, -1, 1e21, Number.MAX_SAFE_INTEGER, 'x', '\u0000', [], {}, [null], true, '99999-99-99', { a: { b: 1 } });
    fc.assert(fc.property(fc.nat(), junk, (pick, by) => sound(read(fixture, leaves[pick % leaves.length]?.replaced(by)))), { numRuns: 20 });
  });

  it.each(named)('bytes that are no JSON: %s', (_, fixture) => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => expect(interpretFixture(fixture, bytes).events).toEqual([])), { numRuns: 10 });
  });
});

const request = ({ source, payload, expected }: Fixture, options = {}) => signed(source, payload, expected.headers ?? {}, { account: expected.account ?? 'default', ...options });

describe('a source at the door', () => {
  const timed = sources.flatMap(({ name, verify }) => (verify !== 'not-http' && 'freshness' in verify ? [[name, verify.freshness.toleranceSeconds] as const] : []));

  it.each(timed)('%s: 401 when its signed time lies %d s and more off, past and future', async (name, tolerance) => {
    const fixture = eventful.find(([, { source, expected }]) => source === name && expected.via === undefined)?.[1] as Fixture;
    for (const off of [-tolerance - 2, tolerance + 2]) expect((await take(request(fixture, { at: noon + off * 1_000 }), memoryIntake())).status).toBe(401);
    for (const off of [-tolerance + 2, tolerance - 2]) expect((await take(request(fixture, { at: noon + off * 1_000 }), memoryIntake())).status).toBeLessThan(300);
  });

  it.each(names)('%s: leaves aside, counts and keeps what it does not use', (name) => {
    const aside = fixtures.filter(({ source, expected }) => source === name && expected.via === undefined && (expected.becomes as { skipped?: string }).skipped !== undefined);
    const always = sources.some((source) => source.name === name && 'always' in source.topic);
    expect([name, aside.length > 0 || always]).toEqual([name, true]);
    for (const fixture of aside) expect(interpretFixture(fixture).skipped).toMatch(/^(ping|ignore)$/);
  });
});

