/** What the local cloud tells about itself over HTTP, below `/_local/` of its one port. */

/** AWS calls of one caller and operation since the data directory was made. */
export interface CallCount {
  readonly accessKeyId: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly calls: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

const keyOf = (call: CallCount): string => [call.accessKeyId, call.service, call.operation, call.status].join('\n');

/** What was called between two readings. */
export function callsSince(before: readonly CallCount[], after: readonly CallCount[]): CallCount[] {
  const earlier = new Map(before.map((call) => [keyOf(call), call]));
  return after.flatMap((call) => {
    const was = earlier.get(keyOf(call));
    const calls = call.calls - (was?.calls ?? 0);
    if (calls <= 0) return [];
    return [{ ...call, calls, requestBytes: call.requestBytes - (was?.requestBytes ?? 0), responseBytes: call.responseBytes - (was?.responseBytes ?? 0) }];
  });
}
