import { queryError } from '../errors.ts';
import { AwsError, type AwsResponse, type LocalService } from '../service.ts';
import { changeSetOperations } from './api/change-sets.ts';
import { Form, xml, type Operations } from './api/form.ts';
import { reads } from './api/reads.ts';
import { templateIn, writes } from './api/writes.ts';
import type { Stacks } from './stacks.ts';

/** CloudFormation (query protocol, XML). https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export function cloudFormationService(stacks: Stacks): LocalService {
  const operations: Operations = { ...reads(stacks, templateIn(stacks)), ...writes(stacks), ...changeSetOperations(stacks) };
  return {
    names: ['cloudformation'],
    async handle(request): Promise<AwsResponse> {
      try {
        const fields = new URLSearchParams(request.body.length > 0 ? request.body.toString('utf8') : request.query);
        const name = fields.get('Action') ?? '';
        const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
        if (!run) {
          process.stderr.write(`local cloud: cloudformation has no operation ${name || '(none named)'}\n`);
          throw new AwsError('InvalidAction', `${name} is not implemented by the local cloud`);
        }
        const body = `<${name}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${xml(`${name}Result`, await run(new Form(fields)))}<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${name}Response>`;
        return { status: 200, headers: { 'content-type': 'text/xml' }, body };
      } catch (error) {
        return queryError(error);
      }
    },
    close: () => Promise.resolve(),
  };
}
