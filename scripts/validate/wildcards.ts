import { intrinsic, isObject, textOf, type Json } from './template.ts';

/** Why a resource with a wildcard stands in a policy. Both patterns are matched against what the template says. */
interface Reason { readonly action: RegExp; readonly resource: RegExp; readonly reason: string }

/**
 * Every wildcard in a resource needs a line here. Actions without any resource of their own, whose resource must be `*`,
 * are in `permissions.ts`.
 */
export const wildcardReasons: readonly Reason[] = [
  { action: /^s3:(Get|Put|Delete)Object$/, resource: /:s3:::[^*?]+\/[^*?]+\/\*$|^\$\{\w+Bucket\.Arn\}\/[^*?]+\/\*$/, reason: 'the objects of one prefix; their keys are made at run time' },
  { action: /^s3:(Get|Put|Delete)Object$/, resource: /:s3:::[^*?]+-(stream-failures|quarantine)\/\*$/, reason: 'the whole bucket is one prefix: of what Lambda gives up, of what is held back' },
  { action: /^logs:/, resource: /:log-group:\/aws\/lambda\/[^*?]+:\*:\*$/, reason: 'log streams are named by Lambda; the framework writes it' },
  { action: /^logs:/, resource: /:log-group:\/aws\/lambda\/[^*?]+\*:\*(:\*)?$/, reason: 'the framework\'s role for functions without one of their own; no function works under it' },
  { action: /^logs:/, resource: /:log-group:\/aws\/sagemaker\/Endpoints\/[^*?]+\*$/, reason: 'log streams of the endpoint are named by SageMaker' },
  { action: /^lambda:InvokeFunction$/, resource: /:\*$/, reason: 'versions and aliases of one function; the framework writes it' },
  { action: /^secretsmanager:GetSecretValue$/, resource: /:secret:orderflow\/[^*?]+\/(sources|apis|payments)\/\*$/, reason: 'a secret for each source and account, and Secrets Manager\'s own suffix' },
  { action: /^secretsmanager:GetSecretValue$/, resource: /:secret:orderflow\/[^*?]+\/apis\/[a-z-]+\/\*$/, reason: 'a secret for each account of one source, and Secrets Manager\'s own suffix' },
  { action: /^secretsmanager:(GetSecretValue|PutSecretValue|CreateSecret)$/, resource: /:secret:orderflow\/[^*?]+\/tokens\/([a-z-]+\/)?\*$/, reason: 'an access token for each source and account, made when it is first given' },
  { action: /^ssm:GetParameter$/, resource: /:parameter\/orderflow\/[^*?]+\/(sources|apis)\/\*$/, reason: 'a parameter for each source and account that keeps its secret there' },
  { action: /^ses:SendEmail$/, resource: /:identity\/\*$/, reason: 'the sender may be verified by address or by domain, and in SES\'s sandbox recipients are identities too' },
  { action: /^states:DescribeExecution$/, resource: /:execution:orderflow-[\w-]+-process-\*:\*$/, reason: 'the executions of the three workflows; their names are made at run time' },
];

/** A resource as text, intrinsic functions written out: `${Bucket.Arn}/raw/*`. */
export function resourceText(value: Json | undefined): string {
  const call = intrinsic(value);
  if (!call) return textOf(value);
  const { fn, arg } = call;
  if (fn === 'Fn::Sub') {
    const [text, variables] = Array.isArray(arg) ? arg : [arg, undefined];
    return textOf(text).replace(/\$\{([^}]+)\}/g, (whole, name: string) => (isObject(variables) && name in variables ? resourceText(variables[name]) : whole));
  }
  if (fn === 'Fn::Join' && Array.isArray(arg)) return (Array.isArray(arg[1]) ? arg[1] : []).map(resourceText).join(textOf(arg[0]));
  if (fn === 'Fn::GetAtt') return `\${${Array.isArray(arg) ? arg.map(textOf).join('.') : textOf(arg)}}`;
  return `\${${textOf(arg)}}`;
}

/** The reason that is written for a wildcard, undefined where there is none. */
export const reasonOf = (action: string, resource: string): string | undefined => wildcardReasons.find((each) => each.action.test(action) && each.resource.test(resource))?.reason;
