/** An object that a PUT, a copy or a completed multipart upload has made. */
export interface ObjectCreated {
  readonly bucket: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly eTag: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** S3's name of the event, e.g. `ObjectCreated:Put`. */
  readonly event: string;
}

/** A message that SNS would push to a function. */
export interface TopicDelivery {
  readonly topicArn: string;
  readonly subscriptionArn: string;
  /** Function ARN of the subscription. */
  readonly endpoint: string;
  readonly messageId: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
  readonly at: number;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** `ApproximateReceiveCount`, `SentTimestamp` … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
}

/** S3, SQS and SNS in one thread of their own, on a port of their own. */
export interface StorageFront {
  readonly port: number;
  /**
   * Objects made in `bucket` from now on and those not yet acknowledged before a kill: a delivery whose promise rejects
   * or never settles is repeated (at least once, like S3's).
   */
  onObjectCreated(bucket: string, listener: (created: ObjectCreated) => Promise<void> | void): void;
  /** Messages for subscriptions with protocol `lambda`; at least once, as above. */
  onTopicDelivery(listener: (delivery: TopicDelivery) => Promise<void> | void): void;
  /** Waits up to `waitSeconds` for at most `max` (10) messages of a queue given by name, URL or ARN. */
  receive(queue: string, options: { readonly max: number; readonly waitSeconds: number; readonly visibilitySeconds?: number }): Promise<QueueMessage[]>;
  deleteMessages(queue: string, receiptHandles: readonly string[]): Promise<void>;
  changeVisibility(queue: string, receiptHandle: string, seconds: number): Promise<void>;
  /** One operation of `s3`, `sqs` or `sns` by the SDK clients is the way in for everything else: `endpoint`. */
  readonly endpoint: string;
  close(): Promise<void>;
}
