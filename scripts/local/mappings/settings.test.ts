import { mappingFrom } from './settings.ts';

const STREAM = { EventSourceArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events', StartingPosition: 'TRIM_HORIZON' };
const QUEUE = { EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:q' };
const of = (settings: object) => mappingFrom('u', 'f', 'arn:f', { ...settings });

test('templates write numbers and switches as text', () => {
  expect(of({ ...STREAM, BatchSize: '500', ParallelizationFactor: '10', Enabled: 'false', BisectBatchOnFunctionError: 'true', MaximumRetryAttempts: '0' }))
    .toMatchObject({ batchSize: 500, parallelization: 10, enabled: false, bisect: true, maximumRetryAttempts: 0, maximumRecordAgeSeconds: -1, windowSeconds: 0 });
});

test('what is left out has the defaults of the source', () => {
  expect(of(STREAM)).toMatchObject({ enabled: true, batchSize: 100, parallelization: 1, bisect: false, maximumRetryAttempts: -1, reportsItemFailures: false, filters: [] });
  expect(of(QUEUE)).toMatchObject({ batchSize: 10, windowSeconds: 0 });
  expect(of({ ...QUEUE, ScalingConfig: { MaximumConcurrency: '1000' } }).maximumConcurrency).toBe(1000);
});

test.each<[string, object]>([
  ['no tumbling windows', { ...STREAM, TumblingWindowInSeconds: 30 }],
  ['no enhanced fan-out', { ...STREAM, EventSourceArn: `${STREAM.EventSourceArn}/consumer/c:1` }],
  ['maps Kinesis streams and SQS queues', { EventSourceArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/x', StartingPosition: 'LATEST' }],
  ['no provisioned pollers', { ...QUEUE, ProvisionedPollerConfig: { MinimumPollers: 1 } }],
  ['does not know this setting', { ...STREAM, Surprise: 1 }],
  ['Unsupported parameter BisectBatchOnFunctionError', { ...QUEUE, BisectBatchOnFunctionError: true }],
  ['FIFO queues and topics are not supported', { ...STREAM, DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:000000000000:dead.fifo' } } }],
  ['Batching window is not supported', { EventSourceArn: `${QUEUE.EventSourceArn}.fifo`, MaximumBatchingWindowInSeconds: 1 }],
  ['between 1 and 10', { EventSourceArn: `${QUEUE.EventSourceArn}.fifo`, BatchSize: 11 }],
  ['must be greater than 0', { ...QUEUE, BatchSize: 100 }],
  ['between 2 and 1000', { ...QUEUE, ScalingConfig: { MaximumConcurrency: 1 } }],
])('%s', (message, settings) => {
  expect(() => of(settings)).toThrow(expect.objectContaining({ code: 'InvalidParameterValueException', message: expect.stringContaining(message) as string }) as Error);
});
