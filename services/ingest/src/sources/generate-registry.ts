import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { demosText, noticeSourcesText, queueSourcesText, registryText, shippedText } from './registry-text.ts';

/** Writes registry.ts, demos.ts, notice-sources.json, queue-sources.json and the shipped mappings: `npm run registry -w services/ingest`. */
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const folders = readdirSync(at('.'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
writeFileSync(at('./registry.ts'), registryText(folders));
writeFileSync(at('./demos.ts'), demosText(folders.filter((name) => existsSync(at(`./${name}/demo.ts`)))));
// only now, so that it is the one just written
const { sources } = await import('./registry.ts');
writeFileSync(at('./notice-sources.json'), noticeSourcesText(sources));
writeFileSync(at('./queue-sources.json'), queueSourcesText(sources));

const files = readdirSync(at('../../mappings')).filter((name) => name.endsWith('.yml'));
writeFileSync(at('../take-file/shipped.ts'), shippedText(files.map((name) => readFileSync(at(`../../mappings/${name}`), 'utf8'))));
