/**
 * Forgets a customer, or the orders of a guest: warehouse, in flight, landed files, raw archive and quarantine.
 *   npm run erase-customer -- (--customer KEY | --order KEY …) --reason TEXT --yes [--by NAME] [--from DAY] [--dry-run] [--stage S] [--port-base B]
 * KEY is the warehouse's: source:account:id. It can be run again: it goes on where it stopped, and takes what came since.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { erase } from './erase-customer/erase.ts';
import { parseOptions } from './erase-customer/options.ts';

const options = parseOptions(process.argv.slice(2), Date.now(), process.env);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const terminal = process.stderr.isTTY;
  let shown = -1;
  process.exitCode = await erase(options, {
    client: new LambdaClient({ ...options.client, requestHandler: new NodeHttpHandler({ requestTimeout: 310_000 }), maxAttempts: 1 }),
    now: Date.now, pause,
    show(share, text) {
      if (!terminal && Math.floor(share * 10) === shown) return;
      shown = Math.floor(share * 10);
      const filled = Math.round(share * 30);
      const line = `erase ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${(share * 100).toFixed(0).padStart(3)} %  ${text}`;
      process.stderr.write(terminal ? `\r\x1b[K${line}${share === 1 ? '\n' : ''}` : `${line}\n`);
    },
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line}\n`),
  });
}
