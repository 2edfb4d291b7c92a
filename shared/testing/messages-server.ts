import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request in the messages form, as much of it as tests look at. */
export interface MessagesRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly response_format: { readonly type: string; readonly json_schema: { readonly schema: { readonly required: readonly string[] } } };
}

/** One answer: a status without one, bytes as they are; `silence` never begins, `noise` never ends. */
export type MessagesAnswer = { readonly status: number } | { readonly body: string } | 'silence' | 'noise';

/** What vLLM replies around the content that a model made. */
export const chatCompletion = (content: string | null, over: { choice?: object; reply?: object } = {}): string => JSON.stringify({
  id: 'chatcmpl-1', object: 'chat.completion', created: 1_795_000_000, model: 'orderflow-llm-1',
  choices: [{ index: 0, message: { role: 'assistant', content, refusal: null, annotations: null, audio: null, function_call: null, reasoning: null }, logprobs: null, finish_reason: 'stop', stop_reason: null, token_ids: null, ...over.choice }],
  usage: { prompt_tokens: 900, total_tokens: 980, completion_tokens: 80 }, ...over.reply,
});

/** An answer of the contract, in the messages form. */
export const goodContent = (over: object = {}): string => JSON.stringify({
  reason: { label: 'damaged', score: 0.9 }, sentiment: { label: 'BAD', score: 0.1 }, injection: { flagged: false, score: 0.01 },
  decision: { approve: 0.95, reject: 0.01, review: 0.04 }, ...over,
});

/**
 * Stands in for a generative model: `/v1/chat/completions` as vLLM has it, and `/endpoints/<name>/invocations` as
 * SageMaker's InvokeEndpoint has it in front, which turns a container's error into a ModelError.
 */
export class MessagesServer {
  readonly asked: MessagesRequest[] = [];
  /** Most requests that were under way at once. */
  most = 0;
  private underWay = 0;
  private readonly answer: (request: MessagesRequest, at: number) => MessagesAnswer | Promise<MessagesAnswer>;
  private readonly server: Server;

  constructor(answer: (request: MessagesRequest, at: number) => MessagesAnswer | Promise<MessagesAnswer>) {
    this.answer = answer;
    this.server = createServer((request, response) => void this.respond(request, response));
  }

  /** The base address, once it listens. */
  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    response.on('close', () => (this.underWay -= 1));
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const asked = JSON.parse(Buffer.concat(parts).toString('utf8')) as MessagesRequest;
    this.asked.push(asked);
    const answer = await this.answer(asked, this.asked.length - 1);
    if (answer === 'silence') return;
    if (answer === 'noise') {
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(10_000)));
      };
      response.on('drain', more);
      more();
      return;
    }
    const type = { 'content-type': 'application/json' };
    if ('body' in answer) response.writeHead(200, type).end(answer.body);
    else if (request.url?.startsWith('/endpoints/')) {
      response.writeHead(424, { ...type, 'x-amzn-errortype': 'ModelError' }).end(JSON.stringify({ OriginalStatusCode: answer.status, OriginalMessage: '', message: 'from primary' }));
    } else response.writeHead(answer.status, type).end('{"error":{}}');
  }
}
