import http from 'node:http';
import { AwsError } from './service.ts';
import { plainText } from './plain-text.ts';

/**
 * Calls to the local cloud's own endpoints from within it (destinations, direct integrations, deployment): a signature
 * is not computed, as none is verified, and no SDK client has to be loaded.
 */
export interface AwsCaller {
  /** JSON protocols: `sqs`, `dynamodb`, `kinesis`, `events`, `states`, `secretsmanager`, `ssm`; and SNS, given as plain fields. */
  call(service: string, operation: string, input: Readonly<Record<string, unknown>>, accessKeyId?: string): Promise<Record<string, unknown>>;
  /** Any request, for REST protocols. */
  rest(service: string, method: string, path: string, body?: string | Buffer, headers?: Readonly<Record<string, string>>, accessKeyId?: string): Promise<{ status: number; body: Buffer }>;
  close(): void;
}

const TARGETS: Readonly<Record<string, { prefix: string; version: string }>> = {
  sqs: { prefix: 'AmazonSQS', version: '1.0' },
  dynamodb: { prefix: 'DynamoDB_20120810', version: '1.0' },
  kinesis: { prefix: 'Kinesis_20131202', version: '1.1' },
  events: { prefix: 'AWSEvents', version: '1.1' },
  eventbridge: { prefix: 'AWSEvents', version: '1.1' },
  states: { prefix: 'AWSStepFunctions', version: '1.0' },
  secretsmanager: { prefix: 'secretsmanager', version: '1.1' },
  ssm: { prefix: 'AmazonSSM', version: '1.1' },
  sagemaker: { prefix: 'SageMaker', version: '1.1' },
  monitoring: { prefix: 'GraniteServiceVersion20100801', version: '1.0' },
  logs: { prefix: 'Logs_20140328', version: '1.1' },
};

/** Query-protocol fields: lists become `Name.member.1`, maps `Name.entry.1.Name`, as SNS reads them. */
function formFields(input: Readonly<Record<string, unknown>>): URLSearchParams {
  const form = new URLSearchParams();
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) return value.forEach((item, at) => add(`${name}.member.${at + 1}`, item));
    if (typeof value === 'object') {
      const attributes = name.endsWith('MessageAttributes');
      return Object.entries(value).forEach(([key, item], at) => {
        form.set(`${name}.entry.${at + 1}.${attributes ? 'Name' : 'key'}`, key);
        if (!attributes) return add(`${name}.entry.${at + 1}.value`, item);
        for (const [part, text] of Object.entries(item as object)) form.set(`${name}.entry.${at + 1}.Value.${part}`, String(text));
      });
    }
    form.set(name, plainText(value));
  };
  for (const [name, value] of Object.entries(input)) add(name, value);
  return form;
}

function failure(status: number, bytes: Buffer): AwsError {
  const body = bytes.toString('utf8');
  const json = /^\s*\{/.test(body) ? (JSON.parse(body) as { __type?: string; message?: string; Message?: string }) : undefined;
  const code = json?.__type?.split('#').pop() ?? /<Code>([^<]+)/.exec(body)?.[1] ?? `Http${status}`;
  return new AwsError(code, json?.message ?? json?.Message ?? /<Message>([^<]*)/.exec(body)?.[1] ?? body.slice(0, 200), status);
}

/** @param addressOf address of a service, `http://127.0.0.1:4566`; the one port unless the service has a faster one */
export function createAwsCaller(region: string, addressOf: (service: string) => string): AwsCaller {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const send = (service: string, method: string, path: string, body: string | Buffer, headers: Readonly<Record<string, string>>, accessKeyId = 'local'): Promise<{ status: number; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const request = http.request(new URL(path, addressOf(service)), {
        agent, method,
        headers: {
          ...headers,
          'content-length': Buffer.byteLength(body),
          'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service === 'eventbridge' ? 'events' : service}/aws4_request, SignedHeaders=host, Signature=local`,
        },
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  return {
    async call(service, operation, input, accessKeyId) {
      if (service === 'sns') {
        const answer = await send(service, 'POST', '/', `Action=${operation}&Version=2010-03-31&${formFields(input).toString()}`, { 'content-type': 'application/x-www-form-urlencoded' }, accessKeyId);
        if (answer.status >= 300) throw failure(answer.status, answer.body);
        return Object.fromEntries([...answer.body.toString('utf8').matchAll(/<(\w+)>([^<]+)<\/\1>/g)].map(([, name = '', text = '']) => [name, text]));
      }
      const target = TARGETS[service];
      if (!target) throw new AwsError('UnknownService', `the local cloud cannot call ${service}:${operation} itself`);
      const answer = await send(service, 'POST', '/', JSON.stringify(input), { 'content-type': `application/x-amz-json-${target.version}`, 'x-amz-target': `${target.prefix}.${operation}` }, accessKeyId);
      if (answer.status >= 300) throw failure(answer.status, answer.body);
      return answer.body.length > 0 ? (JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>) : {};
    },
    async rest(service, method, path, body = '', headers = {}, accessKeyId = 'local') {
      const answer = await send(service, method, path, body, headers, accessKeyId);
      if (answer.status >= 300) throw failure(answer.status, answer.body);
      return answer;
    },
    close: () => agent.destroy(),
  };
}
