/**
 * Packages every service for a stage, without AWS credentials, and checks what would be deployed.
 *   npm run validate -- [--stage S] [--used FILE]
 * `--used` lists what roles grant and a run did not use; FILE is what `npm start -- --usage FILE` wrote.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { packageServices, serverlessPackage, servicesOf, type Packaged } from './start/package.ts';
import { checkFleet } from './validate/fleet.ts';
import { checkEnvironments, checkMappings } from './validate/functions.ts';
import { checkGraph } from './validate/graph.ts';
import { checkPermissions } from './validate/permissions.ts';
import { checkReturnPolicy } from './validate/return-policy.ts';
import { checkReferences } from './validate/references.ts';
import { attributesFrom, checkSpecification, specificationOf } from './validate/specification.ts';
import { checkStateMachines } from './validate/state-machines.ts';
import { readPackage, type Finding } from './validate/template.ts';
import { usedLines, usedReport, type AccessUse } from './validate/used.ts';
import { checkWarehouseSql } from './validate/warehouse-sql.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { stage: { type: 'string', default: 'local' }, used: { type: 'string' } } });
const stage = values.stage;
const cache = join(root, '.orderflow', stage === 'local' ? 'packages' : `packages-${stage}`);

/** Intake with a fleet: the parameters are only looked at, nothing of them need exist. */
const fleet = [
  'fleet=ec2', 'vpcId=vpc-0', 'publicSubnets=subnet-0,subnet-1', 'privateSubnets=subnet-2,subnet-3', 'publicUrl=https://hooks.example.com',
  'certificateArn=arn:aws:acm:eu-west-1:000000000000:certificate/0',
];
/** A generative model behind the endpoint, likewise. */
const llm = [
  'model=endpoint', 'modelKind=llm', 'llmVersion=llm-1', 'llmImage=763104351884.dkr.ecr.eu-west-1.amazonaws.com/vllm:0.14.0-gpu-py312-cu129-ubuntu22.04-sagemaker',
  'llmBucket=weights', 'llmPrefix=llm-1',
];
const packaging = (into: string, parameters: readonly string[] = []) => ({
  root,
  cache: into,
  run: serverlessPackage(root, into, new AbortController().signal, stage, parameters),
  onPackaged: ({ service, cached, ms }: Packaged) => { console.log(`packaged ${service}${parameters[0] ? ` with ${parameters[0]}` : ''}${cached ? ' (cached)' : ` in ${(ms / 1000).toFixed(1)} s`}`); },
});

await packageServices(packaging(cache));
await packageServices({ ...packaging(`${cache}-fleet`, fleet), only: ['ingest'] });
await packageServices({ ...packaging(`${cache}-encoder`, ['model=endpoint', 'modelHosting=instance']), only: ['language-model'] });
await packageServices({ ...packaging(`${cache}-llm`, llm), only: ['language-model'] });
const services = servicesOf(root).map((name) => readPackage(cache, name));
const variants = [...services, { ...readPackage(`${cache}-fleet`, 'ingest'), name: 'ingest with a fleet' }, { ...readPackage(`${cache}-llm`, 'language-model'), name: 'language-model with an llm' }, { ...readPackage(`${cache}-encoder`, 'language-model'), name: 'language-model on an instance' }];
const specification = specificationOf(loadAwsServiceSpecSync(), variants.flatMap(({ template }) => Object.values(template.Resources).map((resource) => resource.Type)));

const checks: Readonly<Record<string, () => readonly Finding[]>> = {
  'resource types and properties are CloudFormation\'s': () => checkSpecification(variants, specification),
  'every Ref, GetAtt, Sub and import resolves': () => checkReferences(variants, attributesFrom(specification)),
  'state machines are valid, bounded and call what exists': () => checkStateMachines(services),
  'event mappings agree with their handlers': () => checkMappings(services, root),
  'environments work with invoke local': () => checkEnvironments(services),
  'no role grants more than a named resource': () => checkPermissions(variants),
  'machines that strangers reach are closed, and their role is small': () => checkFleet(variants),
  'the warehouse\'s SQL is Redshift\'s': () => checkWarehouseSql(root),
  'the return policy can be read': () => checkReturnPolicy(root),
  'deployment order covers every import': () => checkGraph(services, join(root, 'serverless-compose.yml')),
};

let failed = 0;
for (const [what, check] of Object.entries(checks)) {
  const findings = check();
  failed += findings.length;
  console.log(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${what}`);
  for (const { where, message } of findings) console.log(`       ${where}: ${message}`);
}
if (values.used !== undefined) {
  const { access } = JSON.parse(readFileSync(values.used, 'utf8')) as { access?: AccessUse };
  if (!access) throw new Error(`${values.used} tells nothing of access: write it with npm start -- --orders N --exit --usage FILE`);
  for (const line of usedLines(usedReport(access))) console.log(line);
}
console.log(failed === 0 ? `${services.length} services are ready to deploy` : `${failed} finding(s)`);
process.exitCode = failed === 0 ? 0 : 1;
