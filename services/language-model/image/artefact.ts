import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { contentHash, zipOf, type Files } from '@orderflow/shared/artefacts';
import { build } from 'esbuild';

const weights = ['encoder.json', 'encoder.onnx', 'tokenizer.json', 'LICENSE', 'NOTICE'] as const;

/** The parts of ONNX Runtime that run on the container's machine; its npm package brings all platforms. */
const runtimeParts: readonly RegExp[] = [/^package\.json$/, /^(LICENSE|README|ThirdPartyNotices)[^/]*$/i, /^dist\/(?!esm|ort)[^.]*\.js$/, /^dist\/cjs\/.*\.(js|json)$/, /^bin\/napi-v6\/linux\/x64\//];

function packageFiles(name: string, from: string): Files {
  const main = createRequire(join(from, 'package.json')).resolve(name);
  const within = join('node_modules', name);
  const folder = main.slice(0, main.lastIndexOf(within) + within.length);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(paths.filter((path) => runtimeParts.some((part) => part.test(path))).map((path) => [`node_modules/${name}/${path}`, readFileSync(join(folder, path))]));
}

/**
 * All that the container's image is built from: the bundled server, the weights, ONNX Runtime for Linux on x64, and how to
 * build it. The build itself fetches nothing but the base image.
 * @param folder services/language-model
 */
export async function imageFiles(folder: string): Promise<Files> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['src/serve/main.ts'],
    outfile: 'main.mjs',
    write: false,
    bundle: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
  return {
    Dockerfile: readFileSync(join(folder, 'Dockerfile')),
    'build.sh': readFileSync(join(folder, 'image/build.sh')),
    'main.mjs': outputFiles[0]?.contents ?? new Uint8Array(),
    ...Object.fromEntries(weights.map((name) => [`weights/${name}`, readFileSync(join(folder, 'weights', name))])),
    ...packageFiles('onnxruntime-node', folder),
    ...packageFiles('onnxruntime-common', folder),
  };
}

const keyOf = (files: Files): string => `language-model/${contentHash(files)}.zip`;

/** `language-model/<sha256>.zip` in the bucket of artefacts. */
export const artefactKey = async (folder: string): Promise<string> => keyOf(await imageFiles(folder));

export async function buildArtefact(folder: string): Promise<{ readonly key: string; readonly zip: Uint8Array }> {
  const files = await imageFiles(folder);
  return { key: keyOf(files), zip: zipOf(files) };
}
