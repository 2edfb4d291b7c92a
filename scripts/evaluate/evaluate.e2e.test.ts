import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../start/spawned.ts';

const root = join(__dirname, '../..');
const evaluate = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((done) => {
    execFile(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, 'scripts/evaluate.ts'), ...args], (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr });
    });
  });

it('finds the committed weights no worse than their committed figures, and reads any labelled file', async () => {
  const folder = temporaryFolder();
  const labelled = join(folder, 'comments.tsv');
  writeFileSync(labelled, '1\tA wonderful kettle, I love it\n0\tBroke after two days, a waste of money\nno label\n');
  const run = await evaluate('--attacks', '2', '--data', labelled, '--json', join(folder, 'figures.json'));
  expect(run).toMatchObject({ code: 0, output: expect.stringContaining('no figure is worse than the committed ones') as unknown });
  expect(run.output).toContain('evaluate: 1 lines of ');
  const { figures } = JSON.parse(readFileSync(join(folder, 'figures.json'), 'utf8')) as { figures: Record<string, number> };
  expect(figures).toMatchObject({ 'given.file1.accuracy': 1, 'given.file1.comments': 2, 'attacks.tried': 280, 'cases.cases': 392 });
}, 120_000);

it.each([
  [['--data', 'nowhere.tsv'], 'there is no file nowhere.tsv'], [['--weights', 'nowhere'], 'nowhere'], [['--data', join(root, 'package.json')], 'holds no line of the form'], [['--attacks', '0'], '--attacks takes'], [['--nonsense'], 'nonsense'],
])('says in one line what is wrong with %j', async (args, line) => {
  const { code, output } = await evaluate(...args);
  expect(code).toBe(2);
  expect(output.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`^evaluate: .*${line}`))]);
});
