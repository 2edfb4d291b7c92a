/** `ORDERFLOW_DEPLOY=all`: the test of `serverless deploy` takes all services, not two of them. */
export const deploysAll = (): boolean => process.env['ORDERFLOW_DEPLOY'] === 'all';
