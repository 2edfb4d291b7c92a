/** What the runner hands to the local cloud by environment: addresses that it learned after the packages were made. */
export function fromEnvironment(): { readonly modelUrl: string | undefined; readonly functionVariables: Readonly<Record<string, string>>; readonly debug: boolean } {
  const payments = process.env['PAYMENTS_URL'];
  return {
    modelUrl: process.env['LANGUAGE_MODEL_URL'],
    functionVariables: payments ? { PAYMENTS_URL: payments } : {},
    debug: process.env['LOCAL_CLOUD_DEBUG'] === '1',
  };
}
