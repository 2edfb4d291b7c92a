/** Endpoint of another implementation that the conformance suites run against instead of a local cloud of their own. */
export const otherEndpoint = (): string | undefined => process.env['ORDERFLOW_CONFORMANCE_ENDPOINT'];
