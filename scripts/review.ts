/**
 * Answers returns that wait for a person:
 *   npm run review -- list | approve ID | reject ID --reason TEXT | partial ID --amount N   [--order KEY] [--stage S]
 */
import { userInfo } from 'node:os';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { parseReviewOptions } from './review/options.ts';
import { review } from './review/review.ts';

const options = parseReviewOptions(process.argv.slice(2), userInfo().username);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const client = new LambdaClient({ ...options.client, maxAttempts: 1 });
  process.exitCode = await review(options, client, (line) => void process.stdout.write(`${line}\n`), (line) => void process.stderr.write(`${line}\n`));
}
