import { arn, arnOf, list, pathParts, record, type Requirement, type Requirements } from './requirement.ts';

const functionArn = (nameOrArn: string, qualifier?: string | null): string => {
  const base = nameOrArn.startsWith('arn:') ? nameOrArn : arn('lambda', `function:${nameOrArn.replace(/^(?:\d{12}:)?function:/, '')}`);
  return qualifier ? `${base}:${qualifier}` : base;
};

export const lambda: Requirements = (call) => {
  const [, kind = '', name, tail] = pathParts(call);
  const invoked = tail === 'invocations' || tail === 'invoke-async' || tail === 'response-streaming-invocations';
  const action = `lambda:${invoked ? 'InvokeFunction' : call.operation}`;
  if (kind === 'functions') {
    const given = name === undefined || name === '' ? call.input()['FunctionName'] : name;
    return [{ action, resource: typeof given === 'string' ? functionArn(given, call.query?.get('Qualifier')) : '*' }];
  }
  if (kind === 'event-source-mappings' && name) return [{ action, resource: arn('lambda', `event-source-mapping:${name}`) }];
  return [{ action, resource: '*' }];
};

/** A task token's answer is judged on the machine that waits for it. */
export const states: Requirements = ({ operation, input }, lookups) => {
  const given = input();
  const action = `states:${operation}`;
  const execution = given['executionArn'];
  if (typeof execution === 'string') return [{ action, resource: execution }];
  const token = given['taskToken'];
  if (typeof token === 'string') {
    const waiting = lookups.machineOfToken?.(token);
    return waiting === undefined ? [] : [{ action, resource: waiting }]; // the service says what is wrong with the token
  }
  const machine = given['stateMachineArn'] ?? given['resourceArn'];
  if (typeof machine === 'string') return [{ action, resource: machine }];
  const name = given['name'];
  return [{ action, resource: operation === 'CreateStateMachine' && typeof name === 'string' ? arn('states', `stateMachine:${name}`) : '*' }];
};

/** The bare address of `Name <address>`. */
const addressOf = (text: unknown): string => {
  const given = typeof text === 'string' ? text : '';
  return /<([^>]+)>\s*$/.exec(given)?.[1] ?? given.trim();
};

export const ses: Requirements = ({ operation, path, input }, lookups) => {
  const action = `ses:${operation}`;
  if (operation !== 'SendEmail' && operation !== 'SendBulkEmail') {
    const [, , kind, name] = path.split('/');
    const type = { identities: 'identity', 'configuration-sets': 'configuration-set', templates: 'template' }[kind ?? ''];
    return [{ action, resource: type !== undefined && name ? arn('ses', `${type}/${decodeURIComponent(name)}`) : '*' }];
  }
  const given = input();
  const from = addressOf(given['FromEmailAddress']);
  const destination = record(given['Destination']);
  const context = (key: string): readonly string[] | undefined =>
    key === 'ses:fromaddress' ? [from] : key === 'ses:recipients' ? ['ToAddresses', 'CcAddresses', 'BccAddresses'].flatMap((name) => list(destination[name]).map(String)) : undefined;
  const needed: Requirement[] = [{ action, resource: typeof given['FromEmailAddressIdentityArn'] === 'string' ? given['FromEmailAddressIdentityArn'] : arn('ses', `identity/${lookups.mailIdentity?.(from) ?? from}`), context }];
  const set = given['ConfigurationSetName'];
  if (typeof set === 'string') needed.push({ action, resource: arn('ses', `configuration-set/${set}`), context });
  const template = record(record(given['Content'] ?? given['DefaultContent'])['Template'])['TemplateName'];
  if (typeof template === 'string') needed.push({ action, resource: arn('ses', `template/${template}`), context });
  return needed;
};

export const sagemaker: Requirements = (call) => {
  const named = call.path.startsWith('/endpoints/') ? pathParts(call)[1] : call.input()['EndpointName'];
  return [{ action: `sagemaker:${call.operation}`, resource: typeof named === 'string' ? arn('sagemaker', `endpoint/${named.toLowerCase()}`) : '*' }];
};

/** A build is judged on its project. */
export const codebuild: Requirements = ({ operation, input }) => {
  const given = input();
  const action = `codebuild:${operation}`;
  const named = typeof given['projectName'] === 'string' ? [given['projectName']] : list(given['ids']).map((id) => String(id).split(':')[0] ?? '');
  return named.length === 0 ? [{ action, resource: '*' }] : [...new Set(named)].map((name) => ({ action, resource: arn('codebuild', `project/${name}`) }));
};

export const scheduler: Requirements = (call) => {
  const action = `scheduler:${call.operation}`;
  const [kind, name] = pathParts(call);
  if (!name) return [{ action, resource: '*' }];
  const group = call.query?.get('groupName') ?? call.input()['GroupName'];
  return [{ action, resource: kind === 'schedules' ? arn('scheduler', `schedule/${typeof group === 'string' ? group : 'default'}/${name}`) : arn('scheduler', `schedule-group/${name}`) }];
};

const busArn = (bus: unknown): string => arnOf('events', 'event-bus/', typeof bus === 'string' && bus !== '' ? bus : 'default');

export const events: Requirements = ({ operation, input }) => {
  const given = input();
  const action = `events:${operation}`;
  if (operation === 'PutEvents') return [...new Set(list(given['Entries']).map((entry) => busArn(record(entry)['EventBusName'])))].map((resource) => ({ action, resource }));
  const rule = given['Rule'] ?? (/Rule$/.test(operation) ? given['Name'] : undefined);
  const bus = given['EventBusName'];
  if (typeof rule === 'string') return [{ action, resource: arn('events', `rule/${typeof bus === 'string' && bus !== 'default' ? `${bus.split('/').pop()}/` : ''}${rule}`) }];
  if (/EventBus$/.test(operation)) return [{ action, resource: busArn(given['Name']) }];
  return [{ action, resource: '*' }];
};

/** Metrics have no ARN, alarms have. */
export const monitoring: Requirements = ({ operation, input }) => {
  const given = input();
  const action = `cloudwatch:${operation}`;
  const names = Array.isArray(given['AlarmNames']) ? given['AlarmNames'] : given['AlarmName'] === undefined ? [] : [given['AlarmName']];
  return names.length === 0 || operation === 'DescribeAlarmsForMetric' ? [{ action, resource: '*' }] : names.map((name) => ({ action, resource: arn('cloudwatch', `alarm:${String(name)}`) }));
};

/** Anybody may ask who they are. */
export const sts: Requirements = ({ operation, input }) => {
  const role = input()['RoleArn'];
  return operation === 'GetCallerIdentity' ? [] : [{ action: `sts:${operation}`, resource: typeof role === 'string' ? role : '*' }];
};

export const cloudformation: Requirements = ({ operation, input }) => {
  const name = input()['StackName'];
  const text = typeof name === 'string' ? name : '';
  return [{ action: `cloudformation:${operation}`, resource: text === '' ? '*' : text.startsWith('arn:') ? text : arn('cloudformation', `stack/${text}/*`) }];
};

export const iam: Requirements = ({ operation, input }) => {
  const given = input();
  const role = given['RoleName'] ?? given['PolicySourceArn'];
  return [{ action: `iam:${operation}`, resource: typeof role !== 'string' ? '*' : role.startsWith('arn:') ? role : `arn:aws:iam::000000000000:role/${role}` }];
};
