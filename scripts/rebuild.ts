/**
 * The warehouse once more, from what is kept of it on S3:
 *   npm run rebuild                         loads the landed files again; what is there already does not change
 *   npm run rebuild -- --days N             those of the last N days only
 *   npm run rebuild -- --fresh --yes        empties the tables first
 *   npm run rebuild -- --check              shows the tables' checksums and changes nothing
 *   npm run rebuild -- --from DATE          reads the raw archive anew, after a mapping was mended, and corrects what differs;
 *     [--to DATE] [--source S] [--dry-run]  --dry-run counts what would change and names a few keys
 * Each with [--sums FILE] [--stage S] [--port-base B].
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { check } from './rebuild/check.ts';
import { fromArchive } from './rebuild/from-archive.ts';
import { fromLanded } from './rebuild/from-landed.ts';
import { parseOptions } from './rebuild/options.ts';
import type { RebuildDeps } from './rebuild/ports.ts';

const options = parseOptions(process.argv.slice(2), Date.now(), process.env);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const terminal = process.stderr.isTTY;
  const deps: RebuildDeps = {
    client: new LambdaClient({ ...options.client, requestHandler: new NodeHttpHandler({ requestTimeout: 910_000 }), maxAttempts: 1 }),
    now: Date.now, pause,
    out: (line) => void process.stdout.write(`${line}\n`),
    show(share, text) {
      const filled = Math.round(share * 30);
      const line = `rebuild ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${(share * 100).toFixed(1).padStart(5)} %  ${text}`;
      process.stderr.write(terminal ? `\r\x1b[K${line}${share === 1 ? '\n' : ''}` : `${line}\n`);
    },
    note: (line) => void process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line}\n`),
    read: (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    write: (file, text) => writeFileSync(file, text),
  };
  const { way } = options;
  switch (way.kind) {
    case 'check': process.exitCode = await check(options, deps); break;
    case 'landed': process.exitCode = await fromLanded(options, way, deps); break;
    case 'archive': process.exitCode = await fromArchive(options, way, deps); break;
  }
}
