/** An error as DynamoDB answers it. */
export interface DynamoError extends Error {
  readonly statusCode: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly __type: string; readonly message?: string };
}

export function dynamoError(code: string, message: string, extra: Readonly<Record<string, unknown>> = {}): DynamoError {
  const space = code === 'ValidationException' ? 'com.amazon.coral.validate' : 'com.amazonaws.dynamodb.v20120810';
  return Object.assign(new Error(message), { statusCode: 400, body: { __type: `${space}#${code}`, message, ...extra } });
}

export const isDynamoError = (error: unknown): error is DynamoError => error instanceof Error && 'body' in error && 'statusCode' in error;

export const codeOf = (error: DynamoError): string => error.body.__type.slice(error.body.__type.indexOf('#') + 1);
