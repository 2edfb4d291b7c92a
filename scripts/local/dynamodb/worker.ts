import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { workerData } from 'node:worker_threads';
import { text } from '../fields.ts';
import { inputOf, jsonOf } from '../gate/call-input.ts';
import { openGate } from '../gate/checkpoints.ts';
import type { GateRules } from '../gate/checkpoints.ts';
import type { GatedCall, Refusal } from '../gate/gate.ts';
import { listen } from '../listen.ts';
import { errorInProtocolOf } from '../errors.ts';
import { callerOf, readBody } from '../request.ts';
import { AwsError } from '../service.ts';
import { serveMain, tellFailed, tellReady } from '../worker-side.ts';
import { errorAnswer, openDynamoDb } from './operations.ts';
import { partitionKeyOf } from './partition-key.ts';

const EXPIRE_EVERY_MS = 300_000;
const { file, host, port } = workerData as { file: string; host: string; port: number };

try {
  const dynamodb = openDynamoDb(file, import.meta.filename);
  const gate = openGate((report) => main.event('gate', report), { partitionKey: (table, index) => partitionKeyOf(dynamodb, table, index) });
  const server = http.createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
    readBody(request).then(async (body) => {
      const target = request.headers['x-amz-target'] as string | undefined;
      const operation = target?.slice(target.indexOf('.') + 1) ?? '';
      const { accessKeyId } = callerOf(request.headers.authorization, '', target);
      const call = { accessKeyId, service: 'dynamodb', operation, path: '/', headers: request.headers, input: () => inputOf(request.headers['content-type'], body) };
      const asked = gate.before(call);
      const refusal = asked instanceof Promise ? await asked : asked;
      const { status, text } = answerTo(call, body, refusal);
      main.count(accessKeyId, 'dynamodb', operation, status, body.length, text.length);
      if (!refusal && gate.after(call) === 'lost') return void response.destroy();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': text.length, 'x-amzn-requestid': randomUUID() });
      response.end(text);
    }).catch(() => response.destroy());
  });
  const answerTo = (call: GatedCall, body: Buffer, refusal: Refusal | undefined): { status: number; text: Buffer } => {
    if (refusal) {
      const refused = errorInProtocolOf(call.headers, refusal);
      return { status: refused.status, text: Buffer.from(refused.body) };
    }
    try {
      return { status: 200, text: Buffer.from(JSON.stringify(dynamodb.run(call.operation, { ...jsonOf(body) }, (ids) => gate.failing(call, ids)))) };
    } catch (error) {
      const answer = errorAnswer(error);
      return { status: answer.status, text: Buffer.from(JSON.stringify(answer.body)) };
    }
  };
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
      gate: (rules: GateRules) => gate.tell(rules),
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
