import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/** What an instance of the fleet runs: one zip of program and install script, named by its content. */
export interface Artefact {
  /** SHA-256 of `zip`, hexadecimal. */
  readonly sha256: string;
  /** `producer/<sha256>.zip` in the bucket of artefacts. */
  readonly key: string;
  readonly zip: Uint8Array;
}

/** The earliest time that a zip can hold, so that the same content has the same bytes whenever it is built. */
const always = new Date(1980, 0, 1);

/**
 * Bundles the producer with the options of the functions' bundles and packs it with what stands in `instance/`.
 * @param folder services/ingest
 */
export async function buildArtefact(folder: string): Promise<Artefact> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['src/producer/main.ts'],
    outfile: 'fleet/instance/producer.cjs',
    write: false,
    bundle: true,
    minify: true,
    keepNames: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  const instance = join(folder, 'fleet/instance');
  const files: Record<string, Uint8Array> = {};
  for (const name of readdirSync(instance).sort()) files[name] = readFileSync(join(instance, name));
  for (const { path, contents } of outputFiles) files[path.slice(instance.length + 1)] = contents;
  const zip = zipSync(files, { mtime: always, os: 3, level: 9 });
  const sha256 = createHash('sha256').update(zip).digest('hex');
  return { sha256, key: `producer/${sha256}.zip`, zip };
}
