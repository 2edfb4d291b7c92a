import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { bundles } from './bundles.ts';
import { endToEnd } from './end-to-end.ts';
import { forecastBench } from './forecast.ts';
import { geo } from './geo.ts';
import { insights } from './insights.ts';
import { loader } from './loader.ts';
import { localCloud } from './local-cloud.ts';
import { model } from './model.ts';
import { normalize } from './normalize.ts';
import { producer } from './producer/producer.ts';
import { segments } from './segments.ts';

/** `npm run bench -- [--only NAME,…] [--json FILE] [--data FILE]`: figures by name, `{ "<name>": { "<figure>": number } }`; FILE is read by those that take one. */
const benches: Readonly<Record<string, (root: string, say: (line: string) => void, data: string | undefined) => Promise<Record<string, number>>>> = {
  'end-to-end': endToEnd,
  'local-cloud': localCloud,
  forecast: forecastBench,
  segments,
  geo,
  insights,
  loader,
  model,
  normalize,
  producer,
  bundles,
};

const fail = (line: string): never => {
  process.stderr.write(`bench: ${line}\n`);
  process.exit(2);
};

function options(): { readonly names: readonly string[]; readonly json: string | undefined; readonly data: string | undefined } {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' }, data: { type: 'string' } } });
    const names = values.only?.split(',') ?? Object.keys(benches);
    const unknown = names.find((name) => !Object.hasOwn(benches, name));
    if (unknown !== undefined) return fail(`there is no bench "${unknown}"; there are: ${Object.keys(benches).join(', ')}`);
    return { names, json: values.json, data: values.data };
  } catch (error) {
    return fail((error as Error).message.split('\n')[0] ?? '');
  }
}

const { names, json, data } = options();
const root = dirname(dirname(import.meta.dirname));
const results: Record<string, Record<string, number>> = {};
for (const name of names) {
  process.stdout.write(`${name}\n`);
  results[name] = (await benches[name]?.(root, (line) => process.stdout.write(`  ${line}\n`), data)) ?? {};
  for (const [figure, value] of Object.entries(results[name])) process.stdout.write(`  ${figure.padEnd(44)} ${value}\n`);
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
