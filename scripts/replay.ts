/**
 * Puts what is in quarantine through intake once more:
 *   npm run replay -- [--dry-run] [--id ID] [--stage S] [--port-base B]
 */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { parseOptions, replay } from './replay/replay.ts';

const options = parseOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const requestHandler = new NodeHttpHandler({ requestTimeout: 310_000 });
  const client = new LambdaClient({ ...options.client, requestHandler, maxAttempts: 1 });
  process.exitCode = await replay(options, client, (line) => void process.stdout.write(`${line}\n`), (line) => void process.stderr.write(`${line}\n`));
}
