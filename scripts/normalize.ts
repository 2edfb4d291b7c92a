/**
 * Reads one payload as intake would and prints the canonical events, one a line:
 *   npm run normalize -- --source S [--account A] [--topic T] [--headers FILE] [--mapping FILE] [--live] FILE
 */
import { normalize } from './normalize/normalize.ts';

process.exitCode = await normalize(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
});
