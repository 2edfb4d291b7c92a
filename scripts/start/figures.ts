import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

export interface FiguresAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** Asks the insights' API: path from `/api` on, query without its question mark. */
export type Figures = (path: string, query: string, headers: Readonly<Record<string, string>>) => Promise<FiguresAnswer>;

/** On this machine nobody signs in: what API Gateway hands on is handed to the function itself. */
export const figuresFrom = (lambda: Pick<LambdaClient, 'send'>): Figures => async (rawPath, query, headers) => {
  const event = { rawPath, rawQueryString: query, queryStringParameters: Object.fromEntries(new URLSearchParams(query)), headers };
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'orderflow-insights-local-api', Payload: Buffer.from(JSON.stringify(event)) }));
  const told = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError !== undefined) return { statusCode: 500, headers: { 'content-type': 'application/json' }, body: told };
  return JSON.parse(told) as FiguresAnswer;
};
