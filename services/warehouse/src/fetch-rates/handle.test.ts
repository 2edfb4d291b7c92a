import { silentLog } from '@orderflow/shared/lambda';
import { MemoryFacts } from '@orderflow/shared/workflow';
import { ratesDocument } from '../../../../scripts/local/rates-standin.ts';
import type { Cell } from '@orderflow/shared/aws';
import { readRates, type DayOfRates } from '../rates/central-bank.ts';
import { handle, type FetchRates, type RatesDocument } from './handle.ts';

const now = Date.UTC(2026, 10, 23, 17);
const published = readRates(ratesDocument('eurofxref-hist.xml', now) ?? '', now);
const until = (day: string): DayOfRates[] => published.filter((one) => one.day <= day);

/** A warehouse that has these days. */
function fetching(known: readonly DayOfRates[], document?: (name: RatesDocument) => Promise<string>) {
  const facts = new MemoryFacts();
  const asked: string[] = [];
  const rows = (since: string): Cell[][] => known.filter(({ day }) => day >= since).flatMap(({ day, rates }) => rates.map(({ currency, rate }) => [day, currency, Number(rate).toFixed(9)]));
  const deps: FetchRates = {
    facts, log: silentLog, clock: () => now,
    warehouse: { query: (sql, { since } = {}) => Promise.resolve(sql.includes('MAX(rate_date)') ? [[known.at(-1)?.day ?? null]] : rows(since ?? '')) },
    document: document ?? ((name) => { asked.push(name); return Promise.resolve(ratesDocument(name, now) ?? ''); }),
  };
  const days = (): string[] => facts.written.map((fact) => (fact.fact === 'rates.published' ? fact.payload.day : ''));
  return { deps, facts, asked, days };
}

describe('fetch-rates', () => {
  it('begins with the last ninety days', async () => {
    const { deps, asked, days } = fetching([]);
    expect(await handle({}, deps)).toEqual({ days: days().length, corrected: 0, newest: '2026-11-20' });
    expect(asked).toEqual(['eurofxref-hist-90d.xml']);
    expect(days()[0]).toMatch(/^2026-08-/);
  });

  it('takes what came since the last day that the warehouse knows', async () => {
    const { deps, days } = fetching(until('2026-11-18'));
    await handle({}, deps);
    expect(days()).toEqual(['2026-11-19', '2026-11-20']);
  });

  it('takes a day that was lost between two others', async () => {
    const { deps, days } = fetching(published.filter(({ day }) => day !== '2026-11-11'));
    expect(await handle({}, deps)).toEqual({ days: 1, corrected: 0, newest: '2026-11-20' });
    expect(days()).toEqual(['2026-11-11']);
  });

  it('takes a day that the bank has corrected', async () => {
    const { deps, days } = fetching(published.map((one) => (one.day === '2026-11-12' ? { ...one, rates: one.rates.map((each) => (each.currency === 'USD' ? { ...each, rate: '9' } : each)) } : one)));
    expect(await handle({}, deps)).toEqual({ days: 1, corrected: 1, newest: '2026-11-20' });
    expect(days()).toEqual(['2026-11-12']);
  });

  it('writes nothing where nothing is new, asked for the past or not', async () => {
    const { deps, facts } = fetching(published);
    expect(await handle({}, deps)).toEqual({ days: 0, corrected: 0, newest: '2026-11-20' });
    expect(await handle({ from: '2026-01-02' }, deps)).toEqual({ days: 0, corrected: 0, newest: '2026-11-20' });
    expect(facts.written).toEqual([]);
  });

  it('reads the long document when it was away for long, or is asked for the past', async () => {
    const away = fetching(until('2026-06-01'));
    await handle({}, away.deps);
    expect(away.asked).toEqual(['eurofxref-hist.xml']);
    expect(away.days()[0]).toBe('2026-06-02');
    expect(away.days().at(-1)).toBe('2026-11-20');
    const past = fetching(published.filter(({ day }) => day >= '2026-08-25'));
    await handle({ from: '2026-01-02' }, past.deps);
    expect(past.asked).toEqual(['eurofxref-hist.xml']);
    expect([past.days()[0], past.days().at(-1)]).toEqual(['2026-01-02', '2026-08-24']);
  });

  it('takes a few days from the short document', async () => {
    const { deps, asked, days } = fetching([]);
    await handle({ from: '2026-11-19' }, deps);
    expect([asked, days()]).toEqual([['eurofxref-hist-90d.xml'], ['2026-11-19', '2026-11-20']]);
  });

  it('writes a later word under a higher sequence', async () => {
    const first = fetching([]);
    const later = fetching([]);
    await handle({ from: '2026-11-20' }, first.deps);
    await handle({ from: '2026-11-20' }, { ...later.deps, clock: () => now + 1_000 });
    expect(String(later.facts.written[0]?.sequence) > String(first.facts.written[0]?.sequence)).toBe(true);
    expect(later.facts.written[0]?.key).toBe(first.facts.written[0]?.key);
  });

  it('writes nothing of a document that it cannot read, and nothing when there is none', async () => {
    const html = fetching([], () => Promise.resolve('<html/>'));
    await expect(handle({}, html.deps)).rejects.toThrow('Envelope');
    const down = fetching([], () => Promise.reject(new Error('the European Central Bank answers 503')));
    await expect(handle({}, down.deps)).rejects.toThrow('503');
    expect([html.facts.written, down.facts.written]).toEqual([[], []]);
  });

  it('refuses a day that is none', async () => {
    await expect(handle({ from: 'yesterday' }, fetching([]).deps)).rejects.toThrow();
  });
});
