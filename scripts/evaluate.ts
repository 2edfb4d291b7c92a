/**
 * `npm run evaluate [-- --data FILE …] [--json FILE] [--weights DIR | --endpoint URL | --messages URL --model NAME] [--attacks N] [--write]`:
 * what the language model gets right, beside what it got right when its figures were committed; exit 1 on a drop.
 *
 * --data FILE      Good/Bad of any file: 0 or 1, a tab, the text, a line each
 * --json FILE      writes the figures
 * --weights DIR    another encoder than the committed one
 * --endpoint URL   a running server (POST …/invocations)
 * --messages URL   a generative model in the messages form (POST …/v1/chat/completions)
 * --attacks N      cases that each attack is tried on (20)
 * --write          makes today's figures the committed ones
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drops, flat, judge, type Figures } from '../services/language-model/evaluation/aims.ts';
import { evaluate } from '../services/language-model/evaluation/evaluate.ts';
import { readLabelled } from '../services/language-model/evaluation/read.ts';
import { chosenModel } from './evaluate/chosen-model.ts';
import { table } from './evaluate/table.ts';
import { steps } from './evaluate/steps.ts';

const home = join(import.meta.dirname, '..', 'services', 'language-model');
const committedFile = join(home, 'evaluation', 'figures.json');

const wrong = (line: string): never => {
  process.stderr.write(`evaluate: ${line}\n`);
  process.exit(2);
};
const read = () => {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string', multiple: true }, json: { type: 'string' }, weights: { type: 'string' }, endpoint: { type: 'string' }, messages: { type: 'string' }, model: { type: 'string' },
        attacks: { type: 'string' }, write: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    return wrong((error as Error).message.split('\n')[0] ?? '');
  }
};

const values = read();
const perAttack = Number(values.attacks ?? '20');
if (!Number.isInteger(perAttack) || perAttack < 1) wrong(`--attacks takes a number of cases, not ${values.attacks}`);
const given = (values.data ?? []).map((file) => {
  if (!existsSync(file)) return wrong(`there is no file ${file}`);
  try {
    const { comments, leftOut } = readLabelled(file);
    if (leftOut > 0) process.stderr.write(`evaluate: ${leftOut} lines of ${file} have no label and text, and are left out\n`);
    return { name: file, comments };
  } catch (error) {
    return wrong((error as Error).message);
  }
});

const own = values.weights === undefined && values.endpoint === undefined && values.messages === undefined;
const model = await chosenModel(values, join(home, 'weights')).catch((error: unknown) => wrong((error as Error).message));
const { about, results, turned, tradeOff } = await evaluate(model, join(home, 'evaluation'), { perAttack, given, progress: steps() });
const figures: Figures = flat(results);

process.stdout.write(table({ about, results, tradeOff, turned, given: values.data ?? [] }));
for (const { line } of judge(figures)) process.stdout.write(`  ${line}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ model: about, figures, tradeOff }, undefined, 2)}\n`);
if (values.write) {
  const kept = Object.fromEntries(Object.entries(figures).filter(([path]) => !/^(?:latency|given)\./.test(path)).map(([path, value]) => [path, Number(value.toFixed(4))]));
  writeFileSync(committedFile, `${JSON.stringify({ model: about, figures: kept, tradeOff }, undefined, 2)}\n`);
  process.stdout.write('evaluation/figures.json is written: commit it with the weights\n');
} else if (own) {
  const committed = (JSON.parse(readFileSync(committedFile, 'utf8')) as { figures: Figures }).figures;
  const worse = drops(committed, figures);
  for (const line of worse) process.stderr.write(`evaluate: worse than committed: ${line}\n`);
  process.stdout.write(worse.length === 0 ? 'no figure is worse than the committed ones\n' : '');
  process.exitCode = worse.length === 0 ? 0 : 1;
}
