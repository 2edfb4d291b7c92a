/** A resource policy that lets a service act on whatever it is put on. */
export const policyFor = (service: string, action: string, resource = '*'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: action, Resource: resource }] });
