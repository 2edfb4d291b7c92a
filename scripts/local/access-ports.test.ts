import { accessPorts, copyKey, DEFAULT_COPY_KEY } from './access-ports.ts';
import type { Collection } from './documents.ts';
import { createJudge } from './gate/access/judge.ts';
import { createRoleBook } from './roles.ts';

const inMemory = <T>(): Collection<T> => {
  const kept = new Map<string, T>();
  return { get: (name) => kept.get(name), all: () => [...kept].map(([name, content]) => ({ name, content })), put: (name, content) => void kept.set(name, content), remove: (name) => kept.delete(name) };
};
const A = 'eu-west-1:000000000000';
const FUNCTION = `arn:aws:lambda:${A}:function:f`;
const RULE = `arn:aws:events:${A}:rule/r`;
const QUEUE = `arn:aws:sqs:${A}:q`;
const trust = (...services: string[]) => ({ Statement: [{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }] });
const granting = (Action: string | string[], Resource: string) => [{ PolicyName: 'own', PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } }];
const role = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;

function given() {
  const judge = createJudge();
  const roles = createRoleBook({ judge, tell: (rules) => {
    judge.set(rules);
    return Promise.resolve();
  }, roles: inMemory(), policies: inMemory(), keys: inMemory() });
  return { roles, ports: accessPorts(roles, (arn) => Promise.resolve(!arn.endsWith('gone'))) };
}
const asService = { service: 'events' as const, accessKeyId: 'local', sourceArn: RULE };

it('a rule reaches a function only where the function\'s policy says so, for that rule', async () => {
  const { roles, ports } = given();
  await expect(ports.allowTarget(asService, FUNCTION)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  const permit = (source: string) => roles.setResourcePolicy(FUNCTION, { Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction', Resource: FUNCTION, Condition: { ArnLike: { 'AWS:SourceArn': source } } }] });
  permit(`${RULE}2`);
  await expect(ports.allowTarget(asService, FUNCTION)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  permit(RULE);
  await ports.allowTarget(asService, FUNCTION);
  await expect(ports.allowTarget(asService, QUEUE)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  await ports.allowTarget(asService, `${QUEUE}-gone`); // the delivery says that it is not there
  await expect(ports.allowTarget(asService, `arn:aws:states:${A}:stateMachine:m`)).rejects.toThrow(/needs a role/);
});

it('a schedule works under a role that it may assume, and only as far as that goes', async () => {
  const { roles, ports } = given();
  const sender = { service: 'scheduler' as const, accessKeyId: 'scheduler.s', roleArn: role('tick'), sourceArn: `arn:aws:scheduler:${A}:schedule/default/s` };
  roles.assign('scheduler.s', role('tick'));
  roles.set(role('tick'), { name: 'tick', policies: granting('lambda:InvokeFunction', FUNCTION), trust: trust('lambda.amazonaws.com') });
  await expect(ports.allowTarget(sender, FUNCTION)).rejects.toThrow(/may not assume/);
  expect(() => ports.checkScheduleRole(role('tick'))).toThrow(/EventBridge Scheduler to assume/);
  roles.set(role('tick'), { name: 'tick', policies: granting('lambda:InvokeFunction', FUNCTION), trust: trust('scheduler.amazonaws.com') });
  await ports.allowTarget(sender, FUNCTION);
  await expect(ports.allowTarget(sender, `${FUNCTION}2`)).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

it('a workflow\'s task needs the function, and its version if it names one', () => {
  const { roles, ports } = given();
  roles.assign('states.m', role('m'));
  roles.set(role('m'), { name: 'm', policies: granting('lambda:InvokeFunction', FUNCTION), trust: trust('states.eu-west-1.amazonaws.com') });
  ports.checkMachineRole(role('m'));
  ports.allowDelivery('states.m', FUNCTION);
  expect(() => ports.allowDelivery('states.m', `${FUNCTION}:live`)).toThrow(/lambda:InvokeFunction/);
  expect(() => ports.allowDelivery('states.m', `arn:aws:lambda:${A}:function:g`)).toThrow(/not authorized/);
});

it('without the right to its log stream a function leaves no log; without trust it is not made', () => {
  const { roles, ports } = given();
  const fn = { accessKeyId: 'f', arn: FUNCTION };
  roles.assign('f', role('f'));
  const may = (actions: string[]): boolean => {
    roles.set(role('f'), { name: 'f', policies: granting(actions, `arn:aws:logs:${A}:log-group:/aws/lambda/f:*:*`), trust: trust('ec2.amazonaws.com') });
    return ports.mayLog(fn, '/aws/lambda/f', '2026/01/01/[$LATEST]x');
  };
  expect([may(['logs:CreateLogStream']), may(['logs:PutLogEvents']), may(['logs:CreateLogStream', 'logs:PutLogEvents'])]).toEqual([false, false, true]);
  expect(ports.mayLog(fn, '/aws/lambda/g', 'x')).toBe(false);
  expect(() => ports.checkFunctionRole(role('f'))).toThrow(/cannot be assumed by Lambda/);
  expect(() => ports.checkFunctionRole(role('none'))).toThrow(/cannot be assumed by Lambda/);
});

it('COPY reads under the namespace\'s role or the one it names, if Redshift may assume it', () => {
  const { roles } = given();
  expect(copyKey(roles, 'default')).toBe('local');
  roles.set(role('copy'), { name: 'copy', policies: [], trust: trust('redshift.amazonaws.com') });
  roles.set(role('other'), { name: 'other', policies: [], trust: trust('lambda.amazonaws.com') });
  roles.keep(DEFAULT_COPY_KEY, role('copy'));
  expect(copyKey(roles, 'default')).toBe(DEFAULT_COPY_KEY);
  expect(copyKey(roles, role('copy'))).toMatch(/^assumed:copy:redshift:/);
  expect(() => copyKey(roles, role('other'))).toThrow(/not authorized to assume IAM Role/);
});
