import type { AwsRequest, AwsResponse } from '../service.ts';

/** DynamoDB in its own thread, on a port of its own; the router passes requests on to it. */
export interface DynamoDbFront {
  readonly port: number;
  /** One operation without the HTTP hop (CloudFormation, tests): answers its output, throws `AwsError`. */
  call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  handle(request: AwsRequest): Promise<AwsResponse>;
  close(): Promise<void>;
}
