import { queryError, xmlText } from '../errors.ts';
import { AwsError, type AwsResponse, type LocalService } from '../service.ts';
import { importersOf, type Deployment } from './deploy.ts';
import type { Stack } from './stack.ts';

type Tree = string | number | undefined | readonly Tree[] | { readonly [name: string]: Tree };

function xml(name: string, value: Tree): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `<${name}>${(value as readonly Tree[]).map((item) => xml('member', item)).join('')}</${name}>`;
  if (typeof value === 'object') return `<${name}>${Object.entries(value).map(([key, child]) => xml(key, child)).join('')}</${name}>`;
  return `<${name}>${xmlText(String(value))}</${name}>`;
}

const described = (stack: Stack): Tree => ({
  StackName: stack.name, StackId: stack.id, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(stack.createdAt).toISOString(), DisableRollback: 'false', Description: stack.template.Description,
  Outputs: stack.outputs.map((output) => ({ OutputKey: output.key, OutputValue: output.value, Description: output.description, ExportName: output.exportName })),
});

/** The reads of CloudFormation over what was deployed (query protocol, XML); writes are not offered. */
export function cloudFormationService(deployment: () => Deployment | undefined): LocalService {
  const stacks = (): readonly Stack[] => deployment()?.stacks ?? [];
  const find = (name: string | null): Stack => {
    const stack = stacks().find((each) => each.name === name || each.id === name);
    if (!stack) throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
    return stack;
  };
  const resource = (stack: Stack, each: Stack['resources'][number]): { [name: string]: Tree } => ({
    LogicalResourceId: each.logicalId, PhysicalResourceId: each.ref, ResourceType: each.type, ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: new Date(stack.createdAt).toISOString(),
  });
  const operations: Readonly<Record<string, (form: URLSearchParams) => Tree>> = {
    DescribeStacks: (form) => ({ Stacks: (form.get('StackName') ? [find(form.get('StackName'))] : stacks()).map(described) }),
    ListStacks: () => ({ StackSummaries: stacks().map((stack) => ({ StackName: stack.name, StackId: stack.id, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(stack.createdAt).toISOString() })) }),
    ListStackResources(form) {
      const stack = find(form.get('StackName'));
      return { StackResourceSummaries: stack.resources.map((each) => resource(stack, each)) };
    },
    DescribeStackResources(form) {
      const stack = find(form.get('StackName'));
      const wanted = form.get('LogicalResourceId');
      return { StackResources: stack.resources.filter((each) => !wanted || each.logicalId === wanted).map((each) => ({ StackName: stack.name, StackId: stack.id, ...resource(stack, each), Timestamp: new Date(stack.createdAt).toISOString() })) };
    },
    DescribeStackResource(form) {
      const stack = find(form.get('StackName'));
      const found = stack.resources.find((each) => each.logicalId === form.get('LogicalResourceId'));
      if (!found) throw new AwsError('ValidationError', `Resource ${form.get('LogicalResourceId')} does not exist for stack ${stack.name}`);
      return { StackResourceDetail: { StackName: stack.name, StackId: stack.id, ...resource(stack, found) } };
    },
    ListExports: () => ({ Exports: [...(deployment()?.exports ?? [])].map(([name, { value, stack }]) => ({ ExportingStackId: stack.id, Name: name, Value: value })) }),
    ListImports: (form) => ({ Imports: importersOf(stacks(), form.get('ExportName') ?? '') }),
    GetTemplate: (form) => ({ TemplateBody: JSON.stringify(find(form.get('StackName')).template), StagesAvailable: ['Original', 'Processed'] }),
  };
  return {
    names: ['cloudformation'],
    handle(request): Promise<AwsResponse> {
      try {
        const form = new URLSearchParams(request.body.length > 0 ? request.body.toString('utf8') : request.query);
        const name = form.get('Action') ?? '';
        const run = operations[name];
        if (!run) throw new AwsError('UnknownOperation', `${form.get('Action')} is not offered: the local cloud deploys packaged templates at its start`);
        const body = `<${name}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${xml(`${name}Result`, run(form))}<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${name}Response>`;
        return Promise.resolve({ status: 200, headers: { 'content-type': 'text/xml' }, body });
      } catch (error) {
        return Promise.resolve(queryError(error));
      }
    },
    close: () => Promise.resolve(),
  };
}
