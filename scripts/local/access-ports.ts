import { assumedKey } from './gate/access/assumed-key.ts';
import type { Sender } from './events/targets.ts';
import type { FunctionDefinition } from './lambda/function.ts';
import type { RoleBook } from './roles.ts';
import { AwsError } from './service.ts';

/** Epoch seconds. */
const NEVER = 4_102_444_800;
const ACTIONS: Readonly<Record<string, string>> = { lambda: 'lambda:InvokeFunction', states: 'states:StartExecution', sns: 'sns:Publish', sqs: 'sqs:SendMessage', kinesis: 'kinesis:PutRecord', events: 'events:PutEvents' };
/** Reached by calls that carry the sender's key: their endpoint asks. */
const BY_CALL = new Set(['sns', 'sqs', 'kinesis', 's3']);

/** Questions about what happens inside the local cloud without a call that an endpoint could judge. Each throws what AWS would say. */
export interface AccessPorts {
  /** A rule or a schedule sends to a target: under the target's role, or by the target's own policy. */
  readonly allowTarget: (sender: Sender, targetArn: string) => Promise<void>;
  /** Somebody's key sends to a function, a machine or a bus: on-failure destinations, workflow tasks. Without a key it is the local cloud's own doing. */
  readonly allowDelivery: (accessKeyId: string | undefined, targetArn: string) => void;
  /** Another service (`s3.amazonaws.com`) sends to a function, queue or topic: its own policy must allow it. */
  readonly allowService: (service: string, targetArn: string, sourceArn: string) => void;
  /** Without both rights CloudWatch Logs has nothing of the function. */
  readonly mayLog: (definition: Pick<FunctionDefinition, 'accessKeyId' | 'arn'>, group: string, stream: string) => boolean;
  /** @throws AwsError as the service words it, where it may not assume the role */
  readonly checkFunctionRole: (roleArn: string) => void;
  readonly checkMachineRole: (roleArn: string) => void;
  readonly checkScheduleRole: (roleArn: string) => void;
}

/** @param exists what is not there is told as such, not as a lack of rights */
export function accessPorts(roles: RoleBook, exists: (arn: string) => Promise<boolean>): AccessPorts {
  const actionOn = (arn: string): string => ACTIONS[arn.split(':')[2] ?? ''] ?? '';
  const check = (service: string, roleArn: string, refusal: () => AwsError): void => {
    if (!roles.mayAssume(roleArn, service)) throw refusal();
  };
  return {
    async allowTarget({ service, accessKeyId, roleArn, sourceArn }, targetArn) {
      const kind = targetArn.split(':')[2] ?? '';
      if (roleArn !== undefined) {
        if (!roles.mayAssume(roleArn, `${service}.amazonaws.com`, sourceArn)) throw new AwsError('AccessDeniedException', `${service}.amazonaws.com may not assume the role ${roleArn} of the target ${targetArn}`, 403);
        if (!BY_CALL.has(kind) && kind in ACTIONS) roles.demand(accessKeyId, actionOn(targetArn), targetArn);
        return;
      }
      // a bus of the same account and CloudWatch Logs need no policy of the target's own here
      if (kind === 'states' || kind === 'kinesis') throw new AwsError('AccessDeniedException', `the target ${targetArn} needs a role that ${service}.amazonaws.com may assume`, 403);
      if (kind !== 'lambda' && kind !== 'sns' && kind !== 'sqs') return;
      try {
        roles.demandService(`${service}.amazonaws.com`, actionOn(targetArn), targetArn, sourceArn);
      } catch (error) {
        if (await exists(targetArn)) throw error; // else the delivery itself says what is missing
      }
    },
    allowDelivery(accessKeyId, targetArn) {
      const kind = targetArn.split(':')[2] ?? '';
      if (accessKeyId !== undefined && !BY_CALL.has(kind) && kind in ACTIONS) roles.demand(accessKeyId, actionOn(targetArn), targetArn);
    },
    allowService: (service, targetArn, sourceArn) => roles.demandService(service, actionOn(targetArn), targetArn, sourceArn),
    mayLog({ accessKeyId, arn }, group, stream) {
      const [, , , region = '', account = ''] = arn.split(':');
      const resource = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`;
      return roles.may(accessKeyId, 'logs:CreateLogStream', resource) && roles.may(accessKeyId, 'logs:PutLogEvents', resource);
    },
    checkFunctionRole: (role) => check('lambda.amazonaws.com', role, () => new AwsError('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.', 400, { Type: 'User' })),
    checkMachineRole: (role) => check('states.amazonaws.com', role, () => new AwsError('AccessDeniedException', `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role: ${role}`)),
    checkScheduleRole: (role) => check('scheduler.amazonaws.com', role, () => new AwsError('ValidationException', 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.')),
  };
}

/** Key of the role that the warehouse's namespace has by default. */
export const DEFAULT_COPY_KEY = 'redshift.default';

/** The key that COPY reads S3 with, for `default` or a role's ARN; the warehouse answers here without a namespace too, and then reads everything. @throws Error as Redshift says it */
export function copyKey(roles: RoleBook, role: string): string {
  const arn = role === 'default' ? roles.roleOf(DEFAULT_COPY_KEY) : role;
  if (arn === undefined) return 'local';
  const services = ['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'];
  if (!services.some((service) => roles.mayAssume(arn, service))) throw new Error(`ERROR: User arn:aws:redshift:eu-west-1:000000000000:dbuser:orderflow is not authorized to assume IAM Role ${arn}`);
  return role === 'default' ? DEFAULT_COPY_KEY : assumedKey(arn, 'redshift', NEVER);
}
