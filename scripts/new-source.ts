/**
 * Makes the folder of a new source, its local account and its place in the registry:
 *   npm run new-source -- <name>
 */
import { join } from 'node:path';
import { newSource } from './new-source/new-source.ts';

process.exitCode = newSource(process.argv.slice(2), (line) => console.log(line), (line) => console.error(line), join(import.meta.dirname, '..'));
