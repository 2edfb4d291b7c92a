import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { certain } from '../certain.ts';
import type { AwsCaller } from '../aws-call.ts';
import { checkTemplate } from './check-template.ts';
import { INERT_TYPES } from './inert-types.ts';
import { isLive, type StackRecord } from './records.ts';
import type { ResourceInput } from './kind.ts';
import { prepare } from './stack-request.ts';
import type { Stacks } from './stacks.ts';
import { importsOf, inOrder, type Template } from './template.ts';

const TEMPLATE = 'cloudformation-template-update-stack.json';

interface Package { readonly name: string; readonly folder: string; readonly templateBody: string; readonly template: Template; readonly stackName: string }

/** Every folder below `packages` that holds a packaged template. */
export function readPackages(packages: string, stage: string): Package[] {
  const folders = existsSync(packages) ? readdirSync(packages).filter((name) => existsSync(join(packages, name, TEMPLATE))) : [];
  if (folders.length === 0) throw new Error(`there is no packaged service in ${packages}: run \`npx serverless package --stage ${stage} --package ${packages}/<service>\` in each service first`);
  return folders.map((name) => {
    const folder = join(packages, name);
    const state = join(folder, 'serverless-state.json');
    const service = existsSync(state) ? (JSON.parse(readFileSync(state, 'utf8')) as { service?: { service?: string; provider?: { stackName?: string } } }).service : undefined;
    const templateBody = readFileSync(join(folder, TEMPLATE), 'utf8');
    return { name, folder, templateBody, template: JSON.parse(templateBody) as Template, stackName: service?.provider?.stackName ?? `${service?.service ?? name}-${stage}` };
  });
}

/** Names that a template exports, as far as they are plain text. */
function exportsOf(template: Template): string[] {
  return Object.values(template.Outputs ?? {}).flatMap((output) => (typeof output.Export?.Name === 'string' ? [output.Export.Name] : []));
}

/** Stacks in the order in which they import from each other. */
function orderPackages(packages: readonly Package[]): Package[] {
  const exporter = new Map(packages.flatMap((each) => exportsOf(each.template).map((name) => [name, each.name] as const)));
  // What others import from comes before what only imports; core first where nothing decides.
  const names = packages.map((each) => each.name).sort((left, right) => Number(right === 'core') - Number(left === 'core') || left.localeCompare(right));
  const byName = new Map(packages.map((each) => [each.name, each]));
  const packageOf = (name: string): Package => certain(byName.get(name), `package ${name}`);
  return inOrder(names, (name) => [...importsOf(packageOf(name).template)].map((wanted) => exporter.get(wanted) ?? '').filter((found) => found !== name)).map(packageOf);
}

/** Where functions' zips come from: the folder of the package, or S3 as on AWS. */
export const artifactFrom = (aws: AwsCaller) => (packageDir: string | undefined): ResourceInput['artifact'] => async ({ S3Bucket = '', S3Key = '' }) => {
  if (packageDir === undefined) {
    const { body } = await aws.rest('s3', 'GET', `/${S3Bucket}/${S3Key.split('/').map(encodeURIComponent).join('/')}`).catch((error: unknown) => {
      throw new Error(`Error occurred while GetObject. S3 Error Code: ${(error as { code?: string }).code ?? 'Unknown'}. S3 Error Message: ${error instanceof Error ? error.message : String(error)}`);
    });
    return body;
  }
  const zip = join(packageDir, basename(S3Key));
  if (!existsSync(zip)) throw new Error(`its package ${basename(zip)} is not in ${packageDir}; package the service again`);
  return readFileSync(zip);
};

const GOOD = /^(CREATE|UPDATE)_COMPLETE$/;

/** Why the stack is not as it should be: the first failures of its last operation. */
function failureOf({ store }: Stacks, stack: StackRecord): string {
  const events = store.events(stack.id, Number.MAX_SAFE_INTEGER, 1000).map(({ event }) => event).reverse();
  const began = events.findLastIndex((event) => event.logicalId === stack.name && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(event.status));
  const failed = events.slice(began).filter((event) => /_FAILED$/.test(event.status) && event.logicalId !== stack.name);
  const [first] = failed;
  return first ? `${first.logicalId} (${first.type}): ${first.reason ?? ''}` : (stack.reason ?? stack.status);
}

async function deployPackage(stacks: Stacks, { folder, stackName, templateBody }: Package): Promise<StackRecord> {
  const { store } = stacks;
  const request = { name: stackName, templateBody, inline: false, parameters: {}, capabilities: ['CAPABILITY_NAMED_IAM'], packageDir: folder };
  let known = store.find(stackName);
  if (known && /^(CREATE_FAILED|ROLLBACK_(COMPLETE|FAILED)|DELETE_FAILED|REVIEW_IN_PROGRESS)$/.test(known.status)) {
    stacks.remove(stackName);
    await stacks.settled(known.id);
    known = store.find(stackName);
  }
  if (!known) known = await stacks.create({ ...request, onFailure: 'DO_NOTHING' });
  else if (known.input.templateBody !== templateBody || !GOOD.test(known.status) || known.packageDir === undefined) {
    known.packageDir = folder;
    stacks.runUpdate(known, await prepare(stacks, request, known.input));
  } else return known;
  await stacks.settled(known.id);
  if (!GOOD.test(known.status)) throw new Error(`stack ${stackName}: ${failureOf(stacks, known)}`);
  return known;
}

/**
 * The shorter way into the same stacks: packaged services, without upload. What is deployed already and has not changed is
 * left alone; stacks of packages that are gone go too. Nothing is made if one of them holds a type that is neither known nor inert.
 * @returns types that do nothing, all stacks together
 */
export async function deployPackages(folder: string, stage: string, stacks: Stacks): Promise<{ readonly inert: readonly string[] }> {
  const packages = orderPackages(readPackages(folder, stage));
  for (const { stackName, template } of packages) {
    try {
      checkTemplate(template);
    } catch (error) {
      throw new Error(`stack ${stackName}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const names = new Set(packages.map((each) => each.stackName));
  const left = stacks.store.stacks().filter((stack) => isLive(stack) && stack.packageDir !== undefined && dirname(stack.packageDir) === folder && !names.has(stack.name));
  for (const each of packages) await deployPackage(stacks, each);
  for (const stack of left.reverse()) {
    stacks.remove(stack.name);
    await stacks.settled(stack.id);
  }
  const types = packages.flatMap((each) => Object.values(each.template.Resources).map((resource) => resource.Type));
  return { inert: [...new Set(types)].filter((type) => type in INERT_TYPES).sort() };
}
