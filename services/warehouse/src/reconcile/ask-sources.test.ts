import { askSources, type SourceLists } from './ask-sources.ts';

const from = Date.UTC(2026, 10, 22);
const iso = (hour: number): string => new Date(from + hour * 3_600_000).toISOString();

function lists(answers: Readonly<Record<string, readonly ({ outcome: string; readTo: string; why?: string } | Error)[]>>): SourceLists & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    accounts: () => Promise.resolve(Object.keys(answers).map((source) => ({ source, account: 'default' }))),
    ask({ source, from: at }) {
      const answer = answers[source]?.[asked.filter((one) => one.startsWith(`${source} `)).length];
      asked.push(`${source} ${at}`);
      return answer instanceof Error || !answer ? Promise.reject(answer ?? new Error('asked too often')) : Promise.resolve({ ...answer, events: 1 });
    },
  };
}
const asking = { run: 'r', from, source: undefined };
const time = { clock: () => from, until: from + 1 };

describe('asking the sources themselves', () => {
  it('goes on where a part has ended', async () => {
    const all = lists({ etsy: [{ outcome: 'continued', readTo: iso(5) }, { outcome: 'polled', readTo: iso(9) }], ebay: [{ outcome: 'polled', readTo: iso(9) }] });
    expect(await askSources(all, asking, time)).toEqual([]);
    expect(all.asked.sort()).toEqual([`ebay ${iso(0)}`, `etsy ${iso(0)}`, `etsy ${iso(5)}`]);
  });

  it('names whom it could not ask, and asks the others', async () => {
    const all = lists({
      clover: [{ outcome: 'refused', readTo: iso(0), why: 'credential' }], ebay: [{ outcome: 'polled', readTo: iso(9) }], etsy: [new Error('it failed')],
      vtex: [{ outcome: 'continued', readTo: iso(0) }],
    });
    expect(await askSources(all, asking, time)).toEqual([
      { source: 'clover', account: 'default', why: 'credential' }, { source: 'etsy', account: 'default', why: 'it failed' }, { source: 'vtex', account: 'default', why: 'continued' },
    ]);
  });

  it('asks one source only where it is told to, and stops when the time is over', async () => {
    const all = lists({ ebay: [{ outcome: 'polled', readTo: iso(9) }], etsy: [] });
    expect(await askSources(all, { ...asking, source: 'ebay' }, time)).toEqual([]);
    expect(all.asked).toHaveLength(1);
    expect(await askSources(all, { ...asking, source: 'etsy' }, { ...time, until: from - 1 })).toMatchObject([{ why: expect.stringContaining('not in time') as string }]);
  });
});
