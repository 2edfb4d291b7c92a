import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

describe('STS', () => {
  let target: ConformanceTarget;
  beforeAll(async () => {
    target = await conformanceTarget();
  });
  afterAll(() => target.close());

  it('says who calls', async () => {
    const sts = new STSClient(target.client);
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toMatch(/^\d{12}$/);
    expect(identity.Arn).toContain(`:${identity.Account ?? ''}:`);
    sts.destroy();
  });
});
