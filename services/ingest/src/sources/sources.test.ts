import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountsOf } from '@orderflow/shared/accounts';
import { parseEvent } from '@orderflow/shared/events';
import { memoryIntake, signed } from '../testing/memory.ts';
import { tampered, unsigned } from '../testing/tampered.ts';
import { take } from '../intake/take.ts';
import { citesOf, fixturesIn, interpretFixture, statedFields, statedOf, type Fixture } from './fixtures.ts';
import { demosText, noticeSourcesText, registryText, shippedText } from './registry-text.ts';
import { findSource, sources } from './registry.ts';

const fixtures = fixturesIn(__dirname);
const named = fixtures.map((fixture) => [`${fixture.source}: ${fixture.expected.about}`, fixture] as const);
const overHttp = named.filter(([, { source, expected }]) =>
  expected.via === undefined && sources.find(({ name }) => name === source)?.verify !== 'not-http');

describe('fixtures become what they state', () => {
  it.each(named)('%s', (_, fixture) => {
    expect(statedOf(interpretFixture(fixture))).toEqual(fixture.expected.becomes);
  });

  it.each(named)('valid canonical events only: %s', (_, fixture) => {
    for (const event of interpretFixture(fixture).events) expect(parseEvent(event)).toEqual(event);
  });
});

describe('what fixtures state rests on something', () => {
  it.each(sources.map(({ name }) => name))('%s', (name) => {
    const cites = Object.keys(citesOf(__dirname, name));
    const cited = (field: string): boolean => cites.some((cite) => field === cite || field.startsWith(`${cite}.`));
    const own = fixtures.filter(({ source }) => source === name);
    expect(own.length).toBeGreaterThan(0);
    expect(statedFields(own).filter((field) => !cited(field))).toEqual([]);
  });
});

const request = ({ source, payload, expected }: Fixture, options = {}) =>
  signed(source, payload, expected.headers ?? {}, { account: expected.account ?? 'default', ...options });

describe('every delivery over HTTP', () => {
  it.each(overHttp)('is taken when signed, refused when tampered with or signed by another: %s', async (_, fixture) => {
    const genuine = request(fixture);
    const source = findSource(fixture.source);
    expect((await take(genuine, memoryIntake())).status).toBe(source?.answer?.status ?? 200);
    if (typeof source?.verify === 'object' && 'unsigned' in source.verify) return; // what counts is fetched
    for (const one of tampered(genuine)) expect((await take(one, memoryIntake())).status).toBe(401);
    expect((await take(request(fixture, { secret: 'another' }), memoryIntake())).status).toBe(401);
    expect((await take(unsigned(genuine, { ...fixture.expected.headers }), memoryIntake())).status).toBe(401);
  });
});

describe('registry', () => {
  it('is what the folders say', () => {
    const folders = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(readFileSync(join(__dirname, 'registry.ts'), 'utf8')).toBe(registryText(folders));
    expect(sources.map(({ name }) => name).sort()).toEqual(folders.sort());
    const speaking = folders.filter((name) => existsSync(join(__dirname, name, 'demo.ts')));
    expect(readFileSync(join(__dirname, 'demos.ts'), 'utf8')).toBe(demosText(speaking));
  });

  it('has told serverless.yml of every source with notices', () => {
    expect(readFileSync(join(__dirname, 'notice-sources.json'), 'utf8')).toBe(noticeSourcesText(sources));
    for (const { api } of sources) if (api?.notice) expect(api.notice.mostAtOnce).toBeGreaterThanOrEqual(2);
  });

  it('reads polled windows forwards', () => {
    for (const { api } of sources) {
      if (!api?.poll) continue;
      // a window that were no longer than its overlap would never get on
      expect(api.poll.mostWindowMinutes).toBeGreaterThan(api.poll.overlapMinutes);
      expect(Math.min(api.poll.everyMinutes, api.poll.overlapMinutes)).toBeGreaterThanOrEqual(1);
    }
  });

  it('holds the shipped mappings as they stand in mappings/', () => {
    const folder = join(__dirname, '../../mappings');
    const texts = readdirSync(folder).filter((name) => name.endsWith('.yml')).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(readFileSync(join(__dirname, '../take-file/shipped.ts'), 'utf8')).toBe(shippedText(texts));
  });

  it('knows the source of every local account, in the role that it is configured for', () => {
    for (const { source: name, role } of accountsOf('local')) {
      expect(sources.find((source) => source.name === name)?.routes[role]).toBeDefined();
    }
  });
});

it('lets the door prove itself to those vendors alone whose keys want that, as serverless.yml grants it', () => {
  expect(sources.filter(({ keys }) => keys?.authorised).map(({ name }) => name)).toEqual(['ebay']);
  const template = readFileSync(join(__dirname, '../../serverless.yml'), 'utf8');
  expect(template.match(/(apis|tokens)\/ebay\/\*|token#ebay#\*/g)).toEqual(['apis/ebay/*', 'tokens/ebay/*', 'token#ebay#*']);
});
