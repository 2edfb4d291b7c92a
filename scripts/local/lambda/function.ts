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
  readonly reservedConcurrency?: number;
  readonly asyncConfig?: AsyncConfig;
}

export interface AsyncConfig {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  readonly onFailure?: string;
  readonly onSuccess?: string;
}

export interface InvocationResult {
  readonly requestId: string;
  /** JSON text of the handler's answer, or of `{errorType, errorMessage, trace}`. */
  readonly payload: string;
  /** Set when the handler failed, timed out or died. */
  readonly functionError?: 'Unhandled' | 'Handled';
  readonly durationMs: number;
}

/** Where stdout and stderr of functions go. */
export type LogSink = (group: string, stream: string, text: string) => void;
