/** What the runtime knows about one deployed function. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** `src/consume/index.handler`, as in the template. */
  readonly handler: string;
  readonly runtime: string;
  /** Folder of the unzipped package. */
  readonly folder: string;
  readonly codeSha256: string;
  readonly codeSize: number;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly role: string;
  /** Access key that its SDK clients sign with; the call ledger and the access rules go by it. */
  readonly accessKeyId: string;
  readonly logGroup: string;
  readonly description?: string;
  readonly architecture?: 'x86_64' | 'arm64';
  readonly tracing?: 'Active' | 'PassThrough';
  readonly tags?: Readonly<Record<string, string>>;
  /** Invocations at a time; 0 = none, all are throttled. Absent: as many as this machine gives. */
  readonly reservedConcurrency?: number;
  /** How asynchronous invocations end. It stays when the function is defined anew without one. */
  readonly asyncConfig?: AsyncConfig;
  /** SQS queue or SNS topic that gets the events of failed asynchronous invocations (DeadLetterConfig). */
  readonly deadLetterArn?: string;
  /** Statements of its resource policy. */
  readonly policy?: readonly Readonly<Record<string, unknown>>[];
  /** Epoch milliseconds; set by the runtime. */
  readonly modifiedAt?: number;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export interface AsyncConfig {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  readonly onFailure?: string;
  readonly onSuccess?: string;
  /** Epoch milliseconds. */
  readonly modifiedAt?: number;
}

export interface InvocationResult {
  readonly requestId: string;
  /** JSON text of the handler's answer, or of `{errorType, errorMessage, trace}`. */
  readonly payload: string;
  /** Set when the handler failed, timed out or died. */
  readonly functionError?: 'Unhandled' | 'Handled';
  readonly durationMs: number;
  /** The invocation's last log lines, at most 4 KiB; there when it was asked for. */
  readonly logTail?: string;
}

/** Where stdout and stderr of functions go: one event each, `at` in epoch milliseconds. */
export type LogSink = (group: string, stream: string, message: string, at?: number) => void;

/** What an environment is made from: where two definitions agree in it, warm environments serve both. */
export const environmentKey = (definition: FunctionDefinition): string =>
  JSON.stringify([definition.handler, definition.runtime, definition.folder, definition.memoryMb, definition.timeoutSeconds, definition.environment, definition.role, definition.accessKeyId, definition.logGroup, definition.tracing]);
