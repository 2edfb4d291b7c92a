import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../service.ts';
import { checkCapabilities, checkTemplate, propertyFaults } from './check-template.ts';
import { parameterValues } from './parameters.ts';
import { parseTemplate } from './parse-template.ts';
import type { StackInput, StackRecord, Tag } from './records.ts';
import type { Workshop } from './run.ts';
import type { Template } from './template.ts';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface StackRequest {
  readonly name: string;
  readonly templateBody?: string | undefined;
  /** The body came in the request: 51,200 bytes at most. */
  readonly inline: boolean;
  readonly usePreviousTemplate?: boolean;
  /** `undefined` value = UsePreviousValue. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly tags?: readonly Tag[] | undefined;
  readonly capabilities: readonly string[];
  readonly notificationArns?: readonly string[] | undefined;
  readonly roleArn?: string | undefined;
  readonly token?: string | undefined;
  readonly onFailure?: StackRecord['onFailure'] | undefined;
  readonly terminationProtection?: boolean;
  readonly policy?: string | undefined;
  /** A creation that takes longer fails. */
  readonly timeoutMinutes?: number | undefined;
  /** Folder of the package: judged when it was packaged, and existing resources are taken over. */
  readonly packageDir?: string;
}

/** A request that CloudFormation takes. */
export interface Prepared {
  readonly input: StackInput;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** What will fail when it comes to the resource, by logical id. */
  readonly faults: ReadonlyMap<string, string>;
}

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

export const storedParameter = ({ cloud }: Workshop) => async (name: string): Promise<string | undefined> => {
  const answer = await cloud.aws.call('ssm', 'GetParameter', { Name: name, WithDecryption: true }).catch(() => ({}));
  return (answer as { Parameter?: { Value?: string } }).Parameter?.Value;
};

/** @throws AwsError what CloudFormation refuses at once */
export async function prepare(workshop: Workshop, request: StackRequest, before?: StackInput): Promise<Prepared> {
  if (!NAME.test(request.name)) throw new AwsError('ValidationError', `1 validation error detected: Value '${request.name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`);
  const templateBody = request.usePreviousTemplate ? before?.templateBody : request.templateBody;
  if (templateBody === undefined) throw new AwsError('ValidationError', 'Either Template URL or Template Body must be specified.');
  const template = await parseTemplate(templateBody, request.inline && !request.usePreviousTemplate);
  const specification = request.packageDir === undefined ? await workshop.specification() : undefined;
  checkTemplate(template, specification);
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.parameters)) {
    const kept = value ?? before?.parameters[name];
    if (kept !== undefined) given[name] = kept;
    else if (before === undefined) throw new AwsError('ValidationError', `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`);
  }
  const parameters = await parameterValues(template, given, storedParameter(workshop));
  if (request.packageDir === undefined) checkCapabilities(template, request.capabilities);
  return {
    template, parameters, faults: specification ? propertyFaults(template, specification) : new Map(),
    input: {
      templateBody, parameters: given, resolved: parameters, tags: request.tags ?? before?.tags ?? [], capabilities: request.capabilities, notificationArns: request.notificationArns ?? before?.notificationArns ?? [],
      ...(request.roleArn ?? before?.roleArn ? { roleArn: request.roleArn ?? before?.roleArn ?? '' } : {}),
    },
  };
}

const substance = ({ Description: _description, ...template }: Template): unknown => JSON.parse(JSON.stringify(template));

/** Nothing that an update would change. */
export const sameInput = (old: { readonly input: StackInput; readonly template: Template }, fresh: Prepared): boolean =>
  isDeepStrictEqual(old.input.resolved, fresh.input.resolved) && isDeepStrictEqual(old.input.tags, fresh.input.tags) && isDeepStrictEqual(substance(old.template), substance(fresh.template));
