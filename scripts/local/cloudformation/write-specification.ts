/** `node write-specification.ts FILE < type names (JSON)`: the part of CloudFormation's resource specification for those types. */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { specificationOf } from '../../validate/specification.ts';

writeFileSync(process.argv[2] ?? '', JSON.stringify(specificationOf(loadAwsServiceSpecSync(), JSON.parse(readFileSync(0, 'utf8')) as string[])));
