import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { registryText } from './registry-text.ts';

/** Writes registry.ts from the folders beside it: `npm run registry -w services/ingest`. */
const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(`${folder}/registry.ts`, registryText(names));
