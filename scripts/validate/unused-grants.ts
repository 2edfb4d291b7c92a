/** Why a granted action stays unused in an ordinary run (`npm start -- --orders N --usage FILE`). `*` stands for any text. */
export interface UnusedReason { readonly role: string; readonly action: string; readonly resource: string; readonly reason: string }

const s3 = (bucket: string): string => `arn:aws:s3:::orderflow-*-${bucket}`;
const table = 'arn:aws:dynamodb:*:table/orderflow-*-in-flight';

/** The first that fits stands. */
export const unusedReasons: readonly UnusedReason[] = [
  { role: '*', action: 'xray:*', resource: '*', reason: 'tracing: there is no X-Ray on this machine' },
  { role: '*', action: 'logs:CreateLogGroup', resource: '*', reason: 'the framework grants it with the log streams; the groups are made by the templates' },
  { role: '*ProcessOrderRole*', action: 'lambda:InvokeFunction', resource: '*:function:*:\\*', reason: 'versions of the tasks\' functions: the framework grants them with the functions' },
  { role: '*Process*Role*', action: 'lambda:InvokeFunction', resource: '*:*', reason: 'tasks of branches that the run did not take (payment failed, returns), and versions of the functions' },

  { role: '*', action: 's3:*Object', resource: `${s3('staging')}/in-flight/*`, reason: 'lines of items over 350 KB: no order of the run is that large' },
  { role: '*', action: 's3:*Object', resource: `${s3('staging')}/pointers/*`, reason: 'facts over 200 KB: no order of the run is that large' },
  { role: '*', action: 's3:*Object', resource: `${s3('archive')}/pointers/*`, reason: 'data over 200 KB: no order of the run is that large' },
  { role: '*', action: 's3:PutObject', resource: `${s3('quarantine')}/*`, reason: 'something to hold back: the run\'s events are sound' },
  { role: '*', action: 's3:*', resource: `${s3('stream-failures')}*`, reason: 'a batch that is given up after all retries (on-failure destination)' },
  { role: '*', action: '*', resource: '*-intake/overflow/*', reason: 'a stream that refuses events' },
  { role: '*-fetch-order-*', action: 'sqs:ChangeMessageVisibility', resource: '*', reason: 'a vendor that does not answer, or asks us to wait' },
  { role: '*-fetch-order-*', action: 'kinesis:PutRecords', resource: '*-facts', reason: 'a fetched thing that is no order' },
  { role: '*-fetch-order-*', action: 'ssm:GetParameter', resource: '*', reason: 'a credential that is kept in Parameter Store' },
  { role: '*-drain-overflow-*', action: 'sqs:*', resource: '*', reason: 'a queue that refused notices' },
  { role: '*-drain-overflow-*', action: 'kinesis:PutRecords', resource: '*', reason: 'a stream that refused events' },
  { role: '*', action: 'redshift-data:DescribeStatement', resource: '*', reason: 'asked only when a statement outlasts the wait of its own call' },

  { role: 'orderflow-core-*-handle-bounce-*', action: '*', resource: '*', reason: 'a mail that bounces' },
  { role: 'orderflow-failure-watch-*-alert-*', action: '*', resource: '*', reason: 'an execution that fails' },
  { role: 'orderflow-failure-watch-*-find-failures-*', action: '*', resource: '*', reason: 'something stuck, failed or parked too long' },
  { role: 'orderflow-ingest-*-receive-*', action: '*', resource: '*', reason: 'webhooks through the HTTP API: the run sends them to the producer' },
  { role: 'orderflow-ingest-*-take-file-*', action: '*', resource: '*', reason: 'a dropped file: the run has none (`--events FILE` has)' },
  { role: 'orderflow-ingest-*-poll-source-*', action: 'dynamodb:BatchGetItem', resource: '*', reason: 'the schedule\'s question who is due: the run may be shorter than a minute' },
  { role: 'orderflow-ingest-*-poll-source-*', action: 'lambda:InvokeFunction', resource: '*', reason: 'an account that comes due: the run may be shorter than a minute' },
  { role: 'orderflow-ingest-*-poll-source-*', action: 'kinesis:PutRecords', resource: '*-facts', reason: 'a polled thing that is no order' },
  { role: 'orderflow-ingest-*-poll-source-*', action: 'ssm:GetParameter', resource: '*', reason: 'a credential that is kept in Parameter Store' },
  { role: 'orderflow-ingest-*-reinterpret-*', action: '*', resource: '*', reason: 'a mapping that was mended, by hand' },
  { role: 'orderflow-ingest-*-replay-*', action: '*', resource: '*', reason: 'a replay, by hand' },
  { role: 'orderflow-insights-*-api-*', action: '*', resource: '*', reason: 'somebody who asks for figures' },
  { role: 'orderflow-insights-*RefreshInsights*', action: 'lambda:InvokeFunction', resource: '*', reason: 'a refresh: the run may be shorter than a minute' },
  { role: 'orderflow-insights-*RefreshSchedule*', action: 'states:StartExecution', resource: '*', reason: 'a refresh: the run may be shorter than a minute' },
  ...['find-changed-days', 'sum-days', 'forecast', 'products', 'segments', 'return-reasons', 'geography', 'kpis', 'publish-insights'].map((name) => ({ role: `orderflow-*-${name}`, action: '*', resource: '*', reason: 'a refresh: the run may be shorter than a minute' })),
  { role: 'orderflow-warehouse-*-reconcile-*', action: '*', resource: '*', reason: 'runs by night' },
  { role: 'orderflow-warehouse-*-score-comments-*', action: '*', resource: '*', reason: 'comments to score, every quarter of an hour' },
  { role: 'orderflow-*-load-facts', action: 's3:PutObject', resource: '*', reason: 'a batch of several files: its manifest' },
  { role: 'orderflow-*-load-facts', action: 's3:*Object', resource: `${s3('staging')}/landed/*`, reason: 'a batch with a row that the warehouse refuses: it is split, and its whole goes' },
  { role: 'orderflow-*-rebuild', action: '*', resource: '*', reason: 'a rebuild, by hand' },
  { role: 'orderflow-*-load-facts', action: 'dynamodb:*', resource: table, reason: 'a fact that the warehouse refuses: its item is looked up and released' },

  { role: '*-notify-payment-failed-*', action: '*', resource: '*', reason: 'a payment that fails for good' },
  { role: '*', action: 'dynamodb:DeleteItem', resource: table, reason: 'a message or a claim that is given back because the sending failed' },
  { role: '*-check-payment-*', action: 'secretsmanager:GetSecretValue', resource: '*', reason: 'a payment that only its provider knows' },
  { role: '*-check-payment-*', action: 'dynamodb:UpdateItem', resource: table, reason: 'a payment that only its provider knows' },
  { role: '*-consume-*', action: 'dynamodb:*', resource: table, reason: 'a redelivery: what stands already is read, and what came first is told' },
  { role: '*-consume-*', action: 'states:StartExecution', resource: '*', reason: 'an order that comes a second time with other content, or a return' },
  { role: '*-consume-*', action: 'kinesis:PutRecords', resource: '*-facts', reason: 'events that become facts without a workflow' },
  { role: '*-construct-order-*', action: 'states:StartExecution', resource: '*', reason: 'an update or a return that came before its order' },
  { role: '*-notify-staff-*', action: 'sns:Publish', resource: '*-shipping', reason: 'an order that comes in packed' },
  { role: '*-apply-update-*', action: 'states:StartExecution', resource: '*', reason: 'an order that came while its update was parked' },
  { role: '*-reprocess-*', action: '*', resource: '*', reason: 'something whose time has come: parked, or never started' },
  { role: 'orderflow-language-model-*-buildImage-*', action: '*', resource: '*', reason: 'another image to build: the package may be the one that stands' },
  { role: 'orderflow-returns-*', action: '*', resource: '*', reason: 'a return of each kind: a small run has few or none' },
  { role: 'orderflow-*-copy', action: 's3:ListBucket', resource: '*', reason: 'Redshift asks for it; the loader\'s manifests name their files, so that nothing is listed' },
];

/** Why nothing works under a role here. */
export const idleReasons: readonly { readonly role: string; readonly reason: string }[] = [
  { role: 'orderflow-*-lambdaRole', reason: 'the framework makes it for functions without a role of their own; there are none' },
  { role: 'orderflow-language-model-*ModelRole*', reason: 'SageMaker works under it; the model\'s server runs here as a child process' },
];
