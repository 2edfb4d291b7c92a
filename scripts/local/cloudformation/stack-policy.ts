import { AwsError } from '../service.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, { readonly ResourceType?: string | readonly string[] }>>;
}

export type PolicyAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';

const fits = (patterns: string | readonly string[], text: string): boolean =>
  [patterns].flat().some((pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text));

function covers(statement: Statement, action: PolicyAction, logicalId: string, type: string): boolean {
  if (statement.Action !== undefined && !fits(statement.Action, action)) return false;
  if (statement.NotAction !== undefined && fits(statement.NotAction, action)) return false;
  const resource = `LogicalResourceId/${logicalId}`;
  if (statement.Resource !== undefined && !fits(statement.Resource, resource)) return false;
  if (statement.NotResource !== undefined && fits(statement.NotResource, resource)) return false;
  return Object.entries(statement.Condition ?? {}).every(([operator, { ResourceType }]) => ResourceType === undefined || (operator === 'StringLike' ? fits(ResourceType, type) : [ResourceType].flat().includes(type)));
}

/** @throws AwsError ValidationError */
export function readStackPolicy(body: string): readonly Statement[] {
  try {
    const { Statement: statements } = JSON.parse(body) as { Statement?: Statement | Statement[] };
    if (statements === undefined) throw new Error('there is no Statement');
    return [statements].flat();
  } catch (error) {
    throw new AwsError('ValidationError', `Error validating stack policy: Invalid stack policy (${(error as Error).message})`);
  }
}

/**
 * With a stack policy, what it does not allow is denied.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 * @throws Error the resource's reason
 */
export function demandByPolicy(body: string | undefined, action: PolicyAction, logicalId: string, type: string): void {
  if (body === undefined) return;
  const statements = readStackPolicy(body).filter((statement) => covers(statement, action, logicalId, type));
  if (statements.some((statement) => statement.Effect === 'Allow') && !statements.some((statement) => statement.Effect === 'Deny')) return;
  throw new Error(`Action denied by stack policy: the stack policy does not allow [${action}] for resource [${logicalId}]`);
}
