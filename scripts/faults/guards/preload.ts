/**
 * Loaded before a program of ours (`node --import`): the file at GUARD_FILE is read from GUARD_SOURCE instead, so that
 * the program runs as if it had been written without that guard.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const { GUARD_FILE: file, GUARD_SOURCE: source } = process.env;
const url = file === undefined ? '' : pathToFileURL(file).href;

registerHooks({
  load(asked, context, nextLoad) {
    const loaded = nextLoad(asked, context);
    return asked === url && source !== undefined ? { ...loaded, source: readFileSync(source, 'utf8') } : loaded;
  },
});
