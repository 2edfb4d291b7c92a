/**
 * Compares what was accepted with what is in the warehouse, in flight, parked and quarantined:
 *   npm run reconcile -- [--days N | --from DATE [--to DATE]] [--source S] [--no-ask] [--all] [--stage S] [--port-base B]
 */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { parseOptions } from './reconcile/options.ts';
import { reconcile } from './reconcile/reconcile.ts';

const options = parseOptions(process.argv.slice(2), Date.now(), process.env);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const terminal = process.stderr.isTTY;
  let shown = -1;
  process.exitCode = await reconcile(options, {
    client: new LambdaClient({ ...options.client, requestHandler: new NodeHttpHandler({ requestTimeout: 910_000 }), maxAttempts: 1 }),
    out: (line) => void process.stdout.write(`${line}\n`),
    show(share, text) {
      // without a terminal a line a tenth is enough
      if (!terminal && Math.floor(share * 10) === shown) return;
      shown = Math.floor(share * 10);
      const filled = Math.round(share * 30);
      const line = `reconcile ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${(share * 100).toFixed(0).padStart(3)} %  ${text}`;
      process.stderr.write(terminal ? `\r\x1b[K${line}${share === 1 ? '\n' : ''}` : `${line}\n`);
    },
    note: (line) => void process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line}\n`),
  });
}
