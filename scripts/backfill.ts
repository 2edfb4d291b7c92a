/**
 * Reads what a polled source's account has sold since a day:
 *   npm run backfill -- --source S --from DATE [--account A] [--stage STAGE] [--port-base B]
 */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { backfill, parseOptions } from './backfill/backfill.ts';

const options = parseOptions(process.argv.slice(2), Date.now(), process.env);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const client = new LambdaClient({ ...options.client, requestHandler: new NodeHttpHandler({ requestTimeout: 910_000 }), maxAttempts: 1 });
  const terminal = process.stderr.isTTY;
  const show = (share: number, text: string): void => {
    const filled = Math.round(share * 30);
    const line = `${options.source}:${options.account} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${(share * 100).toFixed(1).padStart(5)} %  ${text}`;
    process.stderr.write(terminal ? `\r\x1b[K${line}${share === 1 ? '\n' : ''}` : `${line}\n`);
  };
  process.exitCode = await backfill(options, { client, now: Date.now, show, note: (line) => void process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line}\n`) });
}
