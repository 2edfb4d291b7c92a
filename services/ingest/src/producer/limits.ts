/** What the server allows one sender, and all of them together. */
export interface ServerLimits {
  /** From a connection's first moment, or a request's first byte, to the end of its headers, milliseconds. */
  readonly headersMs: number;
  /** … and to the end of its body: 10 MB at 3 Mbit/s. */
  readonly requestMs: number;
  /**
   * How long a connection may wait for its next request. Longer than the load balancer's idle time of 60 s, so that it
   * never sends on a connection that is just being closed
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout).
   */
  readonly idleMs: number;
  /** How often the three are looked after. */
  readonly checkEveryMs: number;
  /** Request line and headers together: 431 above it. */
  readonly headerBytes: number;
  /** Connections; one more is closed at once. */
  readonly connections: number;
  /** Requests under way: 503 above it. A request waits for Kinesis, so these are what fills the memory when it is slow. */
  readonly requests: number;
  /** Bytes of all bodies under way: 503 above it; bodies that grow large are refused at half of it. */
  readonly bytes: number;
  /** What is read of a body after its refusal, so that a sender who writes all before it reads sees the answer. */
  readonly discardBytes: number;
  readonly discardMs: number;
}

export const usualLimits: ServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
  checkEveryMs: 1_000,
  headerBytes: 16_384,
  connections: 4_000,
  requests: 1_000,
  bytes: 32_000_000,
  discardBytes: 16_000_000,
  discardMs: 5_000,
};
