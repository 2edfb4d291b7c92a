/** What the runner hands to the local cloud by environment: addresses that it learned after the packages were made. */
export function fromEnvironment(): { readonly modelUrl: string | undefined; readonly functionVariables: Readonly<Record<string, string>>; readonly debug: boolean } {
  // a function reads those that it knows
  const passed = ['PAYMENTS_URL', 'VENDOR_HOSTS', 'RATES_HOST'].flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []));
  return {
    modelUrl: process.env['LANGUAGE_MODEL_URL'],
    functionVariables: Object.fromEntries(passed),
    debug: process.env['LOCAL_CLOUD_DEBUG'] === '1',
  };
}
