import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { workerData } from 'node:worker_threads';
import { text } from '../fields.ts';
import { listen } from '../listen.ts';
import { callerOf, readBody } from '../request.ts';
import { AwsError } from '../service.ts';
import { serveMain, tellFailed, tellReady } from '../worker-side.ts';
import { errorAnswer, openDynamoDb } from './operations.ts';

const EXPIRE_EVERY_MS = 300_000;
const { file, host, port } = workerData as { file: string; host: string; port: number };

try {
  const dynamodb = openDynamoDb(file, import.meta.filename);
  const server = http.createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
    readBody(request).then(
      (body) => {
        const target = request.headers['x-amz-target'] as string | undefined;
        const operation = target?.slice(target.indexOf('.') + 1) ?? '';
        let answer: { status: number; body: unknown };
        try {
          answer = { status: 200, body: dynamodb.run(operation, JSON.parse(body.toString('utf8')) as Record<string, unknown>) };
        } catch (error) {
          answer = errorAnswer(error);
        }
        const text = Buffer.from(JSON.stringify(answer.body));
        main.count(callerOf(request.headers.authorization, '', target).accessKeyId, 'dynamodb', operation, answer.status, body.length, text.length);
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': text.length, 'x-amzn-requestid': randomUUID() });
        response.end(text);
      },
      () => response.destroy(),
    );
  });
  const main = serveMain(
    {
      call: ({ operation, input }: { operation: string; input: Record<string, unknown> }) => {
        try {
          return dynamodb.run(operation, input);
        } catch (error) {
          const { status, body } = errorAnswer(error);
          const { __type, message, Message, ...extra } = body;
          throw new AwsError(String(__type).replace(/^.*#/, ''), text({ message: message ?? Message }, 'message'), status, extra);
        }
      },
      expire: () => dynamodb.expire(),
    },
    () => {
      server.close();
      server.closeAllConnections();
      dynamodb.close();
    },
  );
  setInterval(() => {
    dynamodb.forgetTokens();
    dynamodb.expire().catch((error: unknown) => process.stderr.write(`local cloud: expiry: ${String(error)}\n`));
  }, EXPIRE_EVERY_MS).unref();
  tellReady(await listen(server, port, host));
} catch (error) {
  tellFailed(error);
}
