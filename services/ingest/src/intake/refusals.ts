/** The answer to a sender. Bodies hold ids, counts and codes, never what was sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// the same words for both: which accounts a source has is nobody's business
const unknown = [404, 'unknown-address', 'no such source or account'] as const;

/** Why a delivery is refused: status, and what the sender is told. The key is what logs and metrics carry. */
const refusals = {
  'unknown-source': unknown,
  'unknown-account': unknown,
  'unknown-path': [404, 'unknown-path', 'webhooks go to /webhooks/<source>[/<account>]'],
  'bad-request': [400, 'bad-request', 'this is not a request that HTTP knows'],
  'depth': [400, 'depth', 'the body nests too deep'],
  'corrupt-encoding': [400, 'corrupt-encoding', 'the body is not what its Content-Encoding says'],
  'signature-missing': [401, 'signature-missing', 'the signature is not valid'],
  'signature-wrong': [401, 'signature-wrong', 'the signature is not valid'],
  'signature-stale': [401, 'signature-stale', 'the signature is not valid: its time is too far from ours'],
  'method': [405, 'method', 'webhooks are sent with POST'],
  'slow': [408, 'slow', 'the request took too long to arrive'],
  'too-large': [413, 'too-large', 'the body is larger than this source may send'],
  'too-large-here': [413, 'too-large', 'this address takes bodies of up to 4 MB: send it to the producer fleet, or in parts'],
  'too-many-events': [413, 'too-many-events', 'the body holds more than 1,000 events: send them in several deliveries, or drop a file'],
  'encoding': [415, 'encoding', 'of content encodings only gzip is taken'],
  'too-many': [429, 'too-many', 'this account sends more than is agreed; send it again later'],
  'too-many-forged': [429, 'too-many', 'too many deliveries from here had no valid signature; send it again later'],
  'headers-too-large': [431, 'headers-too-large', 'the headers are too large'],
  'failed': [500, 'failed', 'something went wrong here; send it again'],
  'busy': [503, 'busy', 'too much is under way; send it again'],
  'secret-unavailable': [503, 'secret-unavailable', 'the signature cannot be checked now; send it again'],
  'not-durable': [503, 'not-durable', 'nothing durable can be reached; send it again'],
} as const satisfies Record<string, readonly [status: number, error: string, message: string]>;

export type Reason = keyof typeof refusals;

/** A refusal; a 503 says when to come again. */
export function refusal(reason: Reason, headers: Readonly<Record<string, string>> = {}): Answer {
  const [status, error, message] = refusals[reason];
  return {
    status,
    headers: { 'content-type': 'application/json', ...(status === 503 ? { 'retry-after': '5' } : {}), ...headers },
    body: JSON.stringify({ error, message }),
  };
}
