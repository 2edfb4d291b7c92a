import { silentLog } from '@orderflow/shared/lambda';
import { MemoryFacts } from '@orderflow/shared/workflow';
import { ratesDocument } from '../../../../scripts/local/rates-standin.ts';
import { handle, type FetchRates, type RatesDocument } from './handle.ts';

const now = Date.UTC(2026, 10, 23, 17);

function fetching(newest: string | null, document?: (name: RatesDocument) => Promise<string>) {
  const facts = new MemoryFacts();
  const asked: string[] = [];
  const deps: FetchRates = {
    facts, log: silentLog, clock: () => now,
    warehouse: { query: () => Promise.resolve([[newest]]) },
    document: document ?? ((name) => { asked.push(name); return Promise.resolve(ratesDocument(name, now) ?? ''); }),
  };
  const days = (): string[] => facts.written.map((fact) => (fact.fact === 'rates.published' ? fact.payload.day : ''));
  return { deps, facts, asked, days };
}

describe('fetch-rates', () => {
  it('begins with the last ninety days', async () => {
    const { deps, asked, days } = fetching(null);
    expect(await handle({}, deps)).toEqual({ days: days().length, newest: '2026-11-20' });
    expect(asked).toEqual(['eurofxref-hist-90d.xml']);
    expect(days()[0]).toMatch(/^2026-08-/);
  });

  it('takes what came since the last day that the warehouse knows', async () => {
    const { deps, days } = fetching('2026-11-18');
    await handle({}, deps);
    expect(days()).toEqual(['2026-11-19', '2026-11-20']);
  });

  it('writes nothing where nothing was published since', async () => {
    const { deps, facts } = fetching('2026-11-20');
    expect(await handle({}, deps)).toEqual({ days: 0, newest: '2026-11-20' });
    expect(facts.written).toEqual([]);
  });

  it('reads the long document when it was away for long, or is asked for the past', async () => {
    const away = fetching('2026-06-01');
    await handle({}, away.deps);
    expect(away.asked).toEqual(['eurofxref-hist.xml']);
    expect(away.days()[0]).toBe('2026-06-02');
    const past = fetching('2026-11-20');
    await handle({ from: '2026-01-02' }, past.deps);
    expect(past.asked).toEqual(['eurofxref-hist.xml']);
    expect(past.days()[0]).toBe('2026-01-02');
  });

  it('writes nothing of a document that it cannot read, and nothing when there is none', async () => {
    const html = fetching(null, () => Promise.resolve('<html/>'));
    await expect(handle({}, html.deps)).rejects.toThrow('Envelope');
    const down = fetching(null, () => Promise.reject(new Error('the European Central Bank answers 503')));
    await expect(handle({}, down.deps)).rejects.toThrow('503');
    expect([html.facts.written, down.facts.written]).toEqual([[], []]);
  });

  it('refuses a day that is none', async () => {
    await expect(handle({ from: 'yesterday' }, fetching(null).deps)).rejects.toThrow();
  });
});
