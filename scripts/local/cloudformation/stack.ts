import { createHash } from 'node:crypto';
import { INERT_TYPES } from './inert-types.ts';
import { createResolver, type Resolver } from './resolve.ts';
import type { Cloud, Deployed, ResourceInput, ResourceKind } from './resource.ts';
import { dataKinds } from './resources/data.ts';
import { customResource, functionKinds } from './resources/functions.ts';
import { httpApiKinds } from './resources/http-apis.ts';
import { identityKinds } from './resources/identities.ts';
import { storageKinds } from './resources/storage.ts';
import { workflowKinds } from './resources/workflows.ts';
import { dependenciesOf, inOrder, type Template, type TemplateResource } from './template.ts';
import { certain } from '../certain.ts';

const KINDS: Readonly<Record<string, ResourceKind>> = { ...dataKinds, ...storageKinds, ...functionKinds, ...workflowKinds, ...httpApiKinds, ...identityKinds };

export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly template: Template;
  readonly createdAt: number;
  readonly resources: readonly { readonly logicalId: string; readonly type: string; readonly ref: string }[];
  readonly outputs: readonly { readonly key: string; readonly value: string; readonly description?: string; readonly exportName?: string }[];
  /** What starts consuming once all stacks are there. */
  readonly activations: readonly (() => Promise<void> | void)[];
  /** Types met that do nothing here. */
  readonly inert: readonly string[];
}

export const kindOf = (type: string): ResourceKind | undefined => KINDS[type] ?? (type.startsWith('Custom::') ? customResource : undefined);

/** Problems that are known before anything is made. */
export function unknownTypes(template: Template): string[] {
  return Object.entries(template.Resources).filter(([, resource]) => !kindOf(resource.Type) && !(resource.Type in INERT_TYPES)).map(([logicalId, resource]) => `${logicalId} (${resource.Type})`);
}

const inertAttribute = (input: { logicalId: string }, name: string, cloud: Cloud): string =>
  name.endsWith('Arn') || name.endsWith('ARN') ? `arn:aws:local:${cloud.region}:${cloud.accountId}:${input.logicalId}` : `${input.logicalId}-${name}`.toLowerCase();

/** Makes one stack's resources in the order of their dependencies. */
export async function deployStack(name: string, template: Template, packageDir: string, cloud: Cloud, imported: (name: string) => string | undefined): Promise<Stack> {
  const id = `arn:aws:cloudformation:${cloud.region}:${cloud.accountId}:stack/${name}/${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const made = new Map<string, Deployed & { readonly type: string }>();
  const inert = new Set<string>();
  const resolver: Resolver = createResolver({
    template, region: cloud.region, accountId: cloud.accountId, stackName: name, stackId: id, parameters: {}, imported,
    ref: (logicalId) => made.get(logicalId)?.ref,
    attribute(logicalId, attribute) {
      const found = made.get(logicalId);
      return found && (found.attributes?.[attribute] ?? (found.type in INERT_TYPES ? inertAttribute({ logicalId }, attribute, cloud) : undefined));
    },
  });
  const included = Object.entries(template.Resources).filter(([, resource]) => resource.Condition === undefined || resource.Condition === '' || resolver.condition(resource.Condition));
  const present = new Map(included);
  const siblings: ResourceInput['siblings'] = (type) => included.filter(([, resource]) => resource.Type === type).map(([logicalId, resource]) => ({ logicalId, properties: resolver.value(resource.Properties ?? {}) as Record<string, unknown> }));

  const resourceOf = (logicalId: string): TemplateResource => certain(present.get(logicalId), logicalId);

  for (const logicalId of inOrder([...present.keys()], (each) => dependenciesOf(resourceOf(each)))) {
    const resource = resourceOf(logicalId);
    const kind = kindOf(resource.Type);
    // 60 characters at most: buckets allow 63, functions 64.
    const generatedName = `${name.slice(0, 26)}-${logicalId.slice(0, 24)}-${createHash('sha256').update(`${name}/${logicalId}`).digest('hex').slice(0, 8)}`;
    try {
      if (kind) {
        const properties = resolver.value(resource.Properties ?? {}) as Record<string, unknown>;
        made.set(logicalId, { ...(await kind({ logicalId, type: resource.Type, properties, stackName: name, generatedName, packageDir, siblings }, cloud)), type: resource.Type });
      } else {
        inert.add(resource.Type);
        made.set(logicalId, { ref: generatedName, type: resource.Type });
      }
    } catch (error) {
      throw new Error(`stack ${name}: ${logicalId} (${resource.Type}): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  const outputs = Object.entries(template.Outputs ?? {})
    .filter(([, output]) => output.Condition === undefined || resolver.condition(output.Condition))
    .map(([key, output]) => ({
      key, value: String(resolver.value(output.Value)),
      ...(output.Description ? { description: output.Description } : {}),
      ...(output.Export ? { exportName: String(resolver.value(output.Export.Name)) } : {}),
    }));
  return {
    name, id, template, createdAt: Date.now(), outputs, inert: [...inert],
    resources: [...made].map(([logicalId, { type, ref }]) => ({ logicalId, type, ref })),
    activations: [...made.values()].flatMap((each) => (each.activate ? [each.activate] : [])),
  };
}
