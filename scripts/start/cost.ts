import type { CallCount } from './local-cloud.ts';

export interface Prices {
  readonly asOf: string;
  readonly lambdaPerRequest: number;
  readonly lambdaPerGbSecondArm: number;
  readonly stepFunctionsPerTransition: number;
  readonly dynamodbPerMillionWriteUnits: number;
  readonly dynamodbPerMillionReadUnits: number;
  readonly kinesisPerMillionPutUnits: number;
  readonly s3PerThousandPut: number;
  readonly s3PerThousandGet: number;
  readonly sesPerThousand: number;
  readonly snsPerMillion: number;
  readonly secretsPerTenThousand: number;
}

/** What was counted between start and end of a run. */
export interface Usage {
  /** Calls of product code and of state machines' direct integrations. */
  readonly calls: readonly CallCount[];
  readonly lambdaInvocations: number;
  /** Gigabyte-seconds: memory × duration. */
  readonly lambdaGbSeconds: number;
  readonly stateTransitions: number;
}

/** DynamoDB bills by kilobyte and doubles inside a transaction; the request's body bounds the item from above. */
const writeUnits = (call: CallCount): number => {
  const each = Math.max(1, Math.ceil(call.requestBytes / call.calls / 1024));
  return call.calls * each * (call.operation.startsWith('Transact') ? 2 : 1);
};

/** US dollars of what was counted. */
export function costOf(usage: Usage, prices: Prices): number {
  let dollars = usage.lambdaInvocations * prices.lambdaPerRequest
    + usage.lambdaGbSeconds * prices.lambdaPerGbSecondArm
    + usage.stateTransitions * prices.stepFunctionsPerTransition;
  for (const call of usage.calls) {
    const { service, operation, calls } = call;
    if (service === 'dynamodb') {
      const reads = /^(Get|BatchGet|TransactGet|Query|Scan)/.test(operation);
      dollars += reads
        ? (calls * Math.max(1, Math.ceil(call.responseBytes / calls / 4096)) * prices.dynamodbPerMillionReadUnits) / 1e6
        : (writeUnits(call) * prices.dynamodbPerMillionWriteUnits) / 1e6;
    } else if (service === 'kinesis') dollars += (Math.ceil(call.requestBytes / 25_600) * prices.kinesisPerMillionPutUnits) / 1e6;
    else if (service === 's3') dollars += (calls * (/^(Put|List|Copy|Create|Complete|Upload|PUT|POST)/.test(operation) ? prices.s3PerThousandPut : prices.s3PerThousandGet)) / 1000;
    else if (service === 'ses') dollars += (calls * prices.sesPerThousand) / 1000;
    else if (service === 'sns') dollars += (calls * prices.snsPerMillion) / 1e6;
    else if (service === 'secretsmanager') dollars += (calls * prices.secretsPerTenThousand) / 1e4;
  }
  return dollars;
}
