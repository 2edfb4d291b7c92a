import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Guard } from './guard.ts';

/** The guard's file without the guard. @throws Error unless the guard stands in it exactly once: then this list is out of date */
export function sourceWithout(root: string, { id, file, find, replace }: Guard): string {
  const source = readFileSync(join(root, file), 'utf8');
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`guard ${id}: its text stands ${parts.length - 1} times in ${file}, not once: mend scripts/faults/guards/list.ts`);
  return parts.join(replace);
}

/** A function's package built without the guard, with the settings of services/common.yml. */
export async function packageWithout(root: string, guard: Guard, service: string, name: string): Promise<Uint8Array> {
  const { custom } = parse(readFileSync(join(root, 'services/common.yml'), 'utf8')) as { custom: { esbuild: { mainFields: string[]; target: string } } };
  const replaced = sourceWithout(root, guard);
  const path = join(root, guard.file);
  const met = new Set<string>();
  const result = await build({
    entryPoints: [join(root, 'services', service, 'src', name, 'index.ts')], bundle: true, keepNames: true, write: false, format: 'cjs', platform: 'node', logLevel: 'silent',
    target: custom.esbuild.target, mainFields: custom.esbuild.mainFields, absWorkingDir: join(root, 'services', service),
    plugins: [{
      name: 'without-guard',
      setup: (bundle) => bundle.onLoad({ filter: /\.ts$/ }, (args) => {
        if (args.path !== path) return undefined;
        met.add(args.path);
        return { contents: replaced, loader: 'ts' };
      }),
    }],
  });
  if (met.size === 0) throw new Error(`guard ${guard.id}: ${service}/${name} does not hold ${guard.file}: mend scripts/faults/guards/list.ts`);
  return zipSync({ [`src/${name}/index.js`]: strToU8(result.outputFiles[0]?.text ?? '') }, { level: 1 });
}
