import { needed } from './parameters.ts';

const sound: Readonly<Record<string, string>> = {
  vpcId: 'vpc-0', publicSubnets: 'subnet-0,subnet-1', privateSubnets: 'subnet-2,subnet-3', certificateArn: 'arn:aws:acm:eu-west-1:0:certificate/0', publicUrl: 'https://hooks.example.com',
};
const said = (over: Readonly<Record<string, string>>) => needed(async (name) => ({ ...sound, ...over })[name]);

it('what is said is taken', async () => expect(await said({})).toEqual(sound));

it.each([
  [{ vpcId: 'none', publicUrl: 'none' }, 'vpcId is missing; publicUrl is missing'],
  [{ privateSubnets: 'subnet-2' }, 'privateSubnets must name two subnets'],
  [{ publicSubnets: 'subnet-2,subnet-2' }, 'publicSubnets must name two subnets'],
  [{ publicUrl: 'http://hooks.example.com' }, 'https address'],
  [{ publicUrl: 'https://hooks.example.com/' }, 'https address'],
])('%j is refused in one line', async (over, expected) => expect(said(over)).rejects.toThrow(expected));
