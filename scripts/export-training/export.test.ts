import { createHash } from 'node:crypto';
import type { Row } from '@orderflow/shared/aws';
import { exportTraining } from './export.ts';
import { parseOptions, type ExportOptions } from './options.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const options = (...args: string[]): ExportOptions => {
  const read = parseOptions(args, now);
  if (typeof read === 'string') throw new Error(read);
  return read;
};
const row = (over: Row = {}): Row => ({
  return_key: 's:a:R1', outcome: 'APPROVED', features: '{"daysSinceDelivery":3,"amount":2999,"windowDays":30}', probabilities: '{"approve":0.7,"good":0.1}', model_version: 'minilm-1', policy_version: 'p',
  comment: 'It broke, says Ada Byron, ada@byron.example', reason: 'DEFECTIVE', name: 'Ada Byron', address_line: '1 Mill Lane', city: 'Cork', country: 'IE', category: 'Kitchen', ...over,
});

async function run(rows: readonly Row[] | Error, ...args: string[]) {
  const files: Record<string, string> = {};
  const said: string[] = [];
  const asked: object[] = [];
  const status = await exportTraining(options('--out', 'out.jsonl', ...args), {
    warehouse: { rows: (_, parameters) => { asked.push(parameters ?? {}); return rows instanceof Error ? Promise.reject(rows) : Promise.resolve([...rows]); } },
    out: (line) => void said.push(line), note: (line) => void said.push(line), write: (file, text) => void (files[file] = text),
  });
  return { status, files, said, asked };
}

it('writes what people decided as cases, without who it was', async () => {
  const { status, files, said, asked } = await run([row(), row({ return_key: 's:a:R2', outcome: 'REJECTED' }), row({ return_key: 's:a:R3', outcome: 'PARTIAL', probabilities: null, model_version: null })], '--from', '2026-11-01', '--to', '2026-12-01');
  expect(status).toBe(0);
  expect(asked).toEqual([{ from_day: '2026-11-01', to_day: '2026-12-01' }]);
  const cases = (files['out.jsonl'] ?? '').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(cases[0]).toEqual({
    id: createHash('sha256').update('s:a:R1').digest('hex').slice(0, 16), text: 'It broke, says [name] [name], [email]', reason: 'DEFECTIVE', facts: { daysSinceDelivery: 3, windowDays: 30 },
    category: 'Kitchen', country: 'IE', expect: { decision: 'approve', reason: null, sentiment: null, injection: null }, model: { version: 'minilm-1', approve: 0.7 },
  });
  expect(cases.map((one) => (one['expect'] as { decision: string }).decision)).toEqual(['approve', 'reject', 'review']);
  expect(cases[2]?.['model']).toBeNull();
  expect(files['out.jsonl']).not.toMatch(/Ada|Byron|s:a:R1/);
  expect(JSON.parse(files['out.jsonl.manifest.json'] ?? '')).toMatchObject({ cases: 3, wordless: 0, judged: 2, overrides: 1, models: ['minilm-1'], sha256: createHash('sha256').update(files['out.jsonl'] ?? '').digest('hex') });
  expect(said).toContain('the model had an opinion on 2; people went the other way on 1');
});

it.each([['erased', { comment: null }], ['silent', { comment: ' .. ' }]])('leaves out a return that is %s', async (_, over) => {
  const { status, files, said } = await run([row(), row(over)]);
  expect([status, JSON.parse(files['out.jsonl.manifest.json'] ?? '')]).toMatchObject([0, { cases: 1, wordless: 1 }]);
  expect(said[0]).toBe('1 answered returns in out.jsonl, 1 without words left out');
});

it('says that there is nothing, and writes nothing', async () => {
  expect(await run([])).toMatchObject({ status: 1, files: {}, said: ['nothing to export: people answered 0 returns from 2000-01-01 until 2026-11-25'] });
});

it('says what to do where the warehouse cannot be read', async () => {
  const { status, said } = await run(new Error('ECONNREFUSED'));
  expect([status, said[0]]).toEqual([1, expect.stringMatching(/ECONNREFUSED; is the local cloud running/)]);
});

it.each([[['--from', 'May'], '--from must be a day'], [['--from', '2026-02-30'], '--from must be a day'], [['--from', '2026-03-01', '--to', '2026-03-01'], 'before'], [['--port-base', 'x'], 'port number'], [['--nonsense'], 'nonsense']])('refuses %j', (args, line) => {
  expect(parseOptions(args, now)).toEqual(expect.stringMatching(new RegExp(`^export-training: .*${line}.*usage: npm run export-training`)));
});
