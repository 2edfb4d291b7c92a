import { reasonOf, resourceText } from './wildcards.ts';
import { isObject, type Finding, type Json, type PackagedService } from './template.ts';

/**
 * Actions that AWS offers for the whole account only: their resource must be `*`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/ lists the resource types of each action.
 */
export const accountWide: Readonly<Record<string, string>> = {
  'xray:PutTraceSegments': 'X-Ray has no resource for segments',
  'xray:PutTelemetryRecords': 'X-Ray has no resource for telemetry',
  'kinesis:ListStreams': 'lists the account; the framework adds it to stream mappings',
  'redshift-data:DescribeStatement': 'statements have no ARN; a caller sees only its own',
  'redshift-data:GetStatementResult': 'statements have no ARN; a caller sees only its own',
  'redshift-data:CancelStatement': 'statements have no ARN; a caller sees only its own',
  'redshift-data:ListStatements': 'statements have no ARN; a caller sees only its own',
  'ses:PutSuppressedDestination': 'the suppression list belongs to the account',
  'ecr:GetAuthorizationToken': 'a token for all registries of the account; it has no ARN',
  'cloudwatch:PutMetricData': 'metrics have no ARN',
  'cloudwatch:GetMetricData': 'metrics have no ARN',
  'logs:CreateLogDelivery': 'log deliveries have no ARN; state machine logging needs it',
  'logs:GetLogDelivery': 'log deliveries have no ARN; state machine logging needs it',
  'logs:UpdateLogDelivery': 'log deliveries have no ARN; state machine logging needs it',
  'logs:DeleteLogDelivery': 'log deliveries have no ARN; state machine logging needs it',
  'logs:ListLogDeliveries': 'log deliveries have no ARN; state machine logging needs it',
  'logs:PutResourcePolicy': 'log deliveries have no ARN; state machine logging needs it',
  'logs:DescribeResourcePolicies': 'log deliveries have no ARN; state machine logging needs it',
  'logs:DescribeLogGroups': 'log deliveries have no ARN; state machine logging needs it',
};

const list = (value: Json | undefined): string[] => (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

/** No role may name `*` as resource or action, except for the account-wide actions above with their reason. */
export function checkPermissions(services: readonly PackagedService[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, template } of services) {
    for (const [id, resource] of Object.entries(template.Resources)) {
      if (resource.Type !== 'AWS::IAM::Role' && resource.Type !== 'AWS::IAM::Policy') continue;
      const policies = resource.Type === 'AWS::IAM::Policy' ? [resource.Properties ?? {}] : (resource.Properties?.['Policies'] ?? []);
      for (const policy of Array.isArray(policies) ? policies : []) {
        const document = isObject(policy) ? policy['PolicyDocument'] : undefined;
        const statements = isObject(document) ? [document['Statement'] ?? []].flat() : [];
        for (const statement of statements) {
          if (!isObject(statement) || statement['Effect'] === 'Deny') continue;
          const actions = list(statement['Action']);
          for (const action of actions) if (action === '*' || action.endsWith(':*')) findings.push({ where: `${name}/${id}`, message: `grants ${action}: name the actions` });
          const resources = [statement['Resource'] ?? []].flat().map(resourceText);
          for (const text of resources.filter((each) => each !== '*' && /[*?]/.test(each))) {
            for (const action of actions) if (reasonOf(action, text) === undefined) findings.push({ where: `${name}/${id}`, message: `grants ${action} on ${text}: name the resource, or give the reason in scripts/validate/wildcards.ts` });
          }
          if (!resources.includes('*')) continue;
          for (const action of actions) {
            if (!(action in accountWide)) findings.push({ where: `${name}/${id}`, message: `grants ${action} on every resource: name the resource, or give the reason in scripts/validate/permissions.ts` });
          }
        }
      }
    }
  }
  return findings;
}
