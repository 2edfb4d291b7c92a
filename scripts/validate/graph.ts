import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { exportsOf } from './references.ts';
import { intrinsic, walk, textOf, type Finding, type Json, type PackagedService } from './template.ts';

/** Which services each one imports from, read from the templates. */
export function importsOf(services: readonly PackagedService[]): Map<string, Set<string>> {
  const owner = exportsOf(services);
  return new Map(
    services.map(({ name, template }) => {
      const from = new Set<string>();
      walk(template.Resources as unknown as Json, (value) => {
        const call = intrinsic(value);
        const service = call?.fn === 'Fn::ImportValue' ? owner.get(textOf(call.arg)) : undefined;
        if (service !== undefined && service !== name) from.add(service);
      });
      return [name, from];
    }),
  );
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly path: string; readonly dependsOn?: string | readonly string[] }>>;
}

/** What a template imports must be deployed before it, according to serverless-compose.yml. */
export function checkGraph(services: readonly PackagedService[], composeFile: string): Finding[] {
  const findings: Finding[] = [];
  const compose = parse(readFileSync(composeFile, 'utf8')) as Compose;
  const dependencies = (name: string): readonly string[] => {
    const named = compose.services[name]?.dependsOn ?? [];
    return typeof named === 'string' ? [named] : named;
  };
  const before = (name: string, seen = new Set<string>()): Set<string> => {
    for (const one of dependencies(name)) {
      if (!seen.has(one)) before(one, seen.add(one));
    }
    return seen;
  };
  for (const { name } of services) {
    if (!(name in compose.services)) findings.push({ where: name, message: 'is not in serverless-compose.yml' });
  }
  for (const name of Object.keys(compose.services)) {
    if (!services.some((service) => service.name === name)) findings.push({ where: name, message: 'is in serverless-compose.yml but has no serverless.yml' });
  }
  for (const [name, imported] of importsOf(services)) {
    const earlier = before(name);
    for (const one of imported) {
      if (!earlier.has(one)) findings.push({ where: name, message: `imports from ${one}, which serverless-compose.yml does not deploy before it` });
    }
  }
  return findings;
}
