import { parse } from 'yaml';
import type { SourceDefinition } from './definition.ts';

const camel = (name: string): string => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The text of registry.ts: one import a folder, so that bundles hold every source and nothing is looked up at run time. */
export function registryText(folders: readonly string[]): string {
  const names = [...folders].sort();
  return [
    '// Generated from the folders beside this file: `npm run registry -w services/ingest`. Do not edit.',
    "import type { SourceDefinition } from './definition.ts';",
    ...names.map((name) => `import { source as ${camel(name)} } from './${name}/index.ts';`),
    '',
    'export const sources: readonly SourceDefinition[] = [',
    ...names.map((name) => `  ${camel(name)},`),
    '];',
    '',
    'export const findSource = (name: string): SourceDefinition | undefined => sources.find((source) => source.name === name);',
    '',
  ].join('\n');
}

/** The text of demos.ts: how the sources speak whose folders hold a demo.ts. */
export function demosText(folders: readonly string[]): string {
  const names = [...folders].sort();
  return [
    '// Generated from the folders beside this file: `npm run registry -w services/ingest`. Do not edit.',
    "import type { Demo } from './demo.ts';",
    ...names.map((name) => `import { demo as ${camel(name)} } from './${name}/demo.ts';`),
    '',
    '/** By source; never imported by what is deployed. */',
    'export const demos: Readonly<Record<string, Demo>> = {',
    ...names.map((name) => `  '${name}': ${camel(name)},`),
    '};',
    '',
  ].join('\n');
}

/** The text of take-file/shipped.ts: the mappings of `mappings/*.yml` as data, so that a bundle needs no files beside it. */
export function shippedText(mappings: readonly string[]): string {
  const values = mappings.map((text) => parse(text) as unknown);
  return [
    '// Generated from mappings/*.yml: `npm run registry -w services/ingest`. Do not edit.',
    "import { parseMapping, type Mapping } from './mapping.ts';",
    '',
    `const values: readonly unknown[] = ${JSON.stringify(values, undefined, 2)};`,
    '',
    '/** The mappings that come with Orderflow. */',
    'export const shippedMappings = (): readonly Mapping[] => values.map(parseMapping);',
    '',
  ].join('\n');
}

/** Whether a source sends notices; of one that is only polled what a page names is fetched at once. */
const notifies = (routes: SourceDefinition['routes']): boolean => Object.values(routes).some((table) => Object.values(table).includes('source.notified'));

/** The text of queue-sources.json: the sources whose messages come through a queue of ours, and who may write into it. */
export const queueSourcesText = (sources: readonly SourceDefinition[]): string =>
  `${JSON.stringify(sources.flatMap(({ name, queue }) => (queue ? [{ name, writers: queue.writers }] : [])), undefined, 2)}\n`;

/**
 * The text of notice-sources.json: the sources whose notices are fetched and how many at once, for serverless.yml, which
 * makes a queue of each.
 */
export const noticeSourcesText = (sources: readonly SourceDefinition[]): string =>
  `${JSON.stringify(
    sources.flatMap(({ name, api, routes }) => (api?.notice && notifies(routes) ? [{ name, mostAtOnce: api.notice.mostAtOnce }] : [])), undefined, 2,
  )}\n`;
