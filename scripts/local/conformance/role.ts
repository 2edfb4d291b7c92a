import { CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { ConformanceTarget } from './target.ts';
import { until } from './until.ts';

/** A role that the services may assume and that may do the actions on everything, made by a stack of its own; answers its ARN. */
export async function makeRole(target: ConformanceTarget, name: string, services: readonly string[], actions: readonly string[]): Promise<string> {
  const formation = new CloudFormationClient(target.client);
  const statement = (more: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
  const Role = {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: name, AssumeRolePolicyDocument: statement({ Principal: { Service: services }, Action: 'sts:AssumeRole' }), Policies: [{ PolicyName: 'all', PolicyDocument: statement({ Action: actions, Resource: '*' }) }] },
  };
  await formation.send(new CreateStackCommand({ StackName: name, Capabilities: ['CAPABILITY_NAMED_IAM'], TemplateBody: JSON.stringify({ Resources: { Role }, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } } }) }));
  return until(async () => {
    const [stack] = (await formation.send(new DescribeStacksCommand({ StackName: name }))).Stacks ?? [];
    if (stack?.StackStatus?.endsWith('FAILED') || stack?.StackStatus?.includes('ROLLBACK')) throw new Error(`stack ${name}: ${stack.StackStatus} ${stack.StackStatusReason ?? ''}`);
    return stack?.StackStatus === 'CREATE_COMPLETE' ? stack.Outputs?.[0]?.OutputValue : undefined;
  });
}

export async function removeRole(target: ConformanceTarget, name: string): Promise<void> {
  await new CloudFormationClient(target.client).send(new DeleteStackCommand({ StackName: name }));
}
