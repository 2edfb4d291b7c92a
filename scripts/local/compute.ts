import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAwsCaller, type AwsCaller } from './aws-call.ts';
import { registerAccess } from './access-admin.ts';
import { accessPorts } from './access-ports.ts';
import { customResourceDesk } from './admin.ts';
import { systemClock } from './clock.ts';
import { codeBuildService } from './codebuild.ts';
import { cloudFormationService } from './cloudformation/api.ts';
import { artifactFrom, deployPackages } from './cloudformation/deploy.ts';
import { notifier } from './cloudformation/notify.ts';
import { specificationIn } from './cloudformation/specification.ts';
import { createStacks, type Stacks } from './cloudformation/stacks.ts';
import { openStackStore } from './cloudformation/store.ts';
import type { DataServices } from './data-services.ts';
import { createDestinations } from './destinations.ts';
import { ecrService } from './ecr.ts';
import { Documents } from './documents.ts';
import { iamService } from './iam.ts';
import { eventBridgeService } from './eventbridge.ts';
import { createEventBridge, type BusEvent, type EventBridge } from './eventbridge/event-bridge.ts';
import { createDeliveries, type Deliveries } from './events/deliveries.ts';
import { snsEvent } from './events/sns-event.ts';
import { sendToTarget, type TargetPorts } from './events/targets.ts';
import { startHttpApis, type HttpApis } from './http-api.ts';
import { openJournal } from './journal.ts';
import { lambdaService } from './lambda.ts';
import { lambdaMetrics } from './lambda/metrics.ts';
import type { Disturbance } from './lambda/disturbance.ts';
import { createLambdaRuntime, type LambdaRuntime } from './lambda/runtime.ts';
import { lambdaOutcomes } from './lambda/outcomes.ts';
import { createMappings, type Mappings } from './mappings.ts';
import { mappingPorts } from './mappings/compute-ports.ts';
import { createRoleBook, type RoleBook } from './roles.ts';
import { sageMakerService, type ModelEndpoint } from './sagemaker.ts';
import { schedulerService } from './scheduler.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import { stsService } from './sts.ts';
import { stepFunctionsService } from './stepfunctions.ts';
import { createEngine } from './stepfunctions/engine.ts';
import type { Engine } from './stepfunctions/engine-contract.ts';
import { executionStatusChange } from './stepfunctions/status-event.ts';
import { certain } from './certain.ts';

export const REGION = 'eu-west-1';
export const ACCOUNT = '000000000000';

export interface ComputeOptions {
  readonly data: DataServices;
  readonly dataDir: string;
  /** Folder of this file. */
  readonly codeDir: string;
  readonly host: string;
  /** Nothing scheduled fires by itself. */
  readonly schedulesPaused: boolean;
  readonly modelUrl?: string;
  /** Variables of this machine for all functions. */
  readonly functionVariables: Readonly<Record<string, string>>;
  readonly environmentsPerFunction?: number;
  /** What goes wrong on purpose with an invocation that is about to begin. */
  readonly disturb?: (functionName: string, payload: string) => Disturbance | undefined;
}

/** Functions, mappings, workflows, rules, schedules and APIs, over the data services. */
export interface Compute {
  readonly aws: AwsCaller;
  readonly lambda: LambdaRuntime;
  readonly mappings: Mappings;
  readonly engine: Engine;
  readonly rules: EventBridge;
  readonly scheduler: Scheduler;
  /** What rules and schedules have sent and has not arrived. */
  readonly deliveries: Deliveries;
  readonly apis: HttpApis;
  readonly roles: RoleBook;
  readonly stacks: Stacks;
  /** Goes on with the stacks that an earlier process left, deploys what is new in the packages (none: nothing), then lets everything run. @returns types that do nothing here */
  deploy(packages: string | undefined, stage: string): Promise<{ readonly inert: readonly string[] }>;
  /** What runs ends or is left to the next start; everything on disk. */
  close(): Promise<void>;
}

export async function startCompute(options: ComputeOptions): Promise<Compute> {
  const { data, dataDir } = options;
  const folder = join(dataDir, 'compute');
  mkdirSync(folder, { recursive: true });
  const journal = openJournal(join(folder, 'compute.sqlite'));
  const documents = new Documents(join(folder, 'documents.sqlite'));
  const clock = systemClock;
  const endpoint = certain(data.endpoints['AWS_ENDPOINT_URL'], 'AWS_ENDPOINT_URL');
  const aws = createAwsCaller(REGION, (service) => data.endpoints[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? endpoint);
  const customResource = customResourceDesk(data);
  const roles = createRoleBook({
    judge: data.gate.judge, tell: (rules) => data.gate.tell('access', rules), roles: documents.collection('role'), policies: documents.collection('resource-policy'), keys: documents.collection('access-key'),
  });
  registerAccess(data, roles, aws);
  const access = accessPorts(roles, (arn) => {
    const [, , service, , account, name = ''] = arn.split(':');
    const asked = service === 'sqs' ? aws.call('sqs', 'GetQueueAttributes', { QueueUrl: `${endpoint}/${account}/${name}` }) : service === 'sns' ? aws.call('sns', 'GetTopicAttributes', { TopicArn: arn }) : Promise.resolve().then(() => lambda.find(arn));
    return asked.then(() => true, () => false);
  });

  const destinations = createDestinations({
    aws,
    allow: (arn, { as, from }) => (from ? access.allowService(from.service, arn, from.sourceArn) : access.allowDelivery(as, arn)),
    endpoint: () => endpoint,
    invokeAsync: (arn, payload) => lambda.invokeAsync(arn, payload),
    startExecution: (arn, input, name) => engine.start({ stateMachineArn: arn, input, name: name ?? crypto.randomUUID() }),
    putEvent: (bus, body) => rules.emit({ 'detail-type': 'Lambda Function Invocation Result', source: 'lambda', detail: JSON.parse(body) as unknown }, bus.split('/').pop()),
  });
  const lambda = createLambdaRuntime({
    inside: join(options.codeDir, 'lambda/inside'),
    cacheDir: join(folder, 'runtime'),
    addresses: { region: REGION, endpoints: data.endpoints, more: options.functionVariables },
    journal, clock,
    log: (group, stream, message, at) => data.logs.append(group, stream, message, at),
    ...(options.disturb ? { disturb: options.disturb } : {}),
    metric: lambdaMetrics(data.metrics),
    assume: (accessKeyId, role) => roles.assign(accessKeyId, role),
    permit: (arn, Statement) => roles.setResourcePolicy(arn, { Statement }),
    mayLog: access.mayLog,
    checkRole: access.checkFunctionRole,
    ...lambdaOutcomes(destinations, async (busArn, event, as) => {
      access.allowDelivery(as, busArn);
      await rules.emit(event, busArn.split('/').pop());
    }),
    ...(options.environmentsPerFunction === undefined ? {} : { environmentsPerFunction: options.environmentsPerFunction }),
  });
  const targets: TargetPorts = {
    aws,
    allow: access.allowTarget,
    endpoint: () => endpoint,
    invokeAsync: (arn, payload) => lambda.invokeAsync(arn, payload),
    startExecution: (arn, input, name) => engine.start({ stateMachineArn: arn, input, name }),
    async putEvent(busArn, body, given) {
      const detail = JSON.parse(body) as BusEvent;
      await rules.emit(given ? { 'detail-type': given.DetailType, source: given.Source, detail } : detail, busArn);
    },
    log: (group, message) => data.logs.append(group, 'events', message),
  };
  const deliveries = createDeliveries({
    journal, clock,
    send: (target, body, id, sender) => sendToTarget(targets, target, body, id, sender),
    async deadLetter(queueArn, body, attributes, sender) {
      const MessageAttributes = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]));
      await aws.call('sqs', 'SendMessage', { QueueUrl: `${endpoint}/${queueArn.split(':').slice(-2).join('/')}`, MessageBody: body, MessageAttributes }, sender.accessKeyId);
    },
  });
  const actsAs = (key: string, role: string): void => roles.assign(key, role);
  const events = { journal, clock, region: REGION, accountId: ACCOUNT, paused: options.schedulesPaused, deliveries, actsAs };
  const rules = createEventBridge({ ...events, rules: documents.collection('rule'), buses: documents.collection('event-bus') });
  const engine = createEngine({
    journal, clock, region: REGION, accountId: ACCOUNT, machines: documents.collection('state-machine'), actsAs, checkRole: access.checkMachineRole,
    ports: {
      invoke: (name, payload, key) => {
        access.allowDelivery(key, name.startsWith('arn:') ? name : lambda.find(name).arn);
        return lambda.invoke(name, payload);
      },
      call: (service, operation, input, key) => aws.call(service, operation, input as Record<string, unknown>, key) as Promise<never>,
    },
    onStatus: (row) => void rules.emit(executionStatusChange(row, engine.notRedrivable(row))),
    log: (group, stream, message, at) => data.logs.append(group, stream, message, at),
    metric: (name, machine, value) => data.metrics.record('AWS/States', name, { StateMachineArn: machine }, value),
  });
  data.gate.lookups.machineOfToken = (token) => {
    const execution = engine.store.branchOfToken(token)?.execution;
    return execution?.replace(':execution:', ':stateMachine:').split(':').slice(0, 7).join(':');
  };
  const mappings = createMappings({
    journal, clock, region: REGION, streams: data.kinesis, storage: data.storage, gatherMs: 15, backoffMs: 200, backoffMaxMs: 10_000,
    rows: documents.collection('event-source-mapping'),
    ...mappingPorts({ aws, destinations, lambda, metric: lambdaMetrics(data.metrics), gate: data.gate.own, settled: () => roles.settled(), streams: data.kinesis }),
  });
  const scheduler = createScheduler({ ...events, checkRole: access.checkScheduleRole, schedules: documents.collection('schedule'), groups: documents.collection('schedule-group') });
  const lastPort = documents.collection<number>('port');
  const apis = await startHttpApis({ host: options.host, port: lastPort.get('apis') ?? 0, accountId: ACCOUNT, async invoke(arn, payload, source) {
    access.allowService('apigateway.amazonaws.com', arn, `arn:aws:execute-api:${REGION}:${ACCOUNT}:${source}`);
    return lambda.invoke(arn, payload);
  } });
  lastPort.put('apis', apis.port);
  data.storage.onTopicDelivery(async (delivery) => {
    access.allowService('sns.amazonaws.com', delivery.endpoint, delivery.topicArn);
    await lambda.invokeAsync(delivery.endpoint, snsEvent(delivery));
  });
  const code = {
    region: REGION, accountId: ACCOUNT, codeCache: join(folder, 'code'),
    readObject: async (bucket: string, key: string) => (await aws.rest('s3', 'GET', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`)).body,
  };
  const say = (line: string): void => void process.stderr.write(`local cloud: ${line}\n`);
  const stacks = createStacks({
    cloud: {
      region: REGION, accountId: ACCOUNT, endpoint, codeCache: code.codeCache, aws, kinesis: data.kinesis, dynamodb: data.dynamodb, storage: data.storage, logs: data.logs,
      lambda, mappings, engine, rules, scheduler, apis, destinations, roles, customResource,
    },
    store: openStackStore(journal, () => clock.now(), notifier(aws, ACCOUNT, say)), now: () => clock.now(), say,
    specification: specificationIn(folder, join(options.codeDir, 'cloudformation/write-specification.ts')),
  }, artifactFrom(aws));
  const model = { endpoints: documents.collection<ModelEndpoint>('sagemaker-endpoint'), region: REGION, accountId: ACCOUNT, ...(options.modelUrl === undefined ? {} : { modelUrl: options.modelUrl }) };
  for (const service of [iamService(roles), stsService(roles), lambdaService(lambda, code, mappings), stepFunctionsService(engine), eventBridgeService(rules), schedulerService(scheduler), cloudFormationService(stacks), ecrService(ACCOUNT), codeBuildService(REGION, ACCOUNT), sageMakerService(model)]) data.router.register(service);

  return {
    aws, lambda, mappings, engine, rules, scheduler, deliveries, apis, roles, stacks,
    async deploy(packages, stage) {
      await stacks.resume();
      const deployed = packages === undefined ? { inert: [] } : await deployPackages(packages, stage, stacks);
      await roles.settled();
      lambda.queue.resume();
      mappings.resume();
      engine.resume();
      deliveries.resume();
      rules.start();
      scheduler.start();
      data.alarms.start({
        publish: (topicArn, message, subject) => data.storage.publish(topicArn, message, subject),
        invoke: (arn, payload) => lambda.invokeAsync(arn, payload),
        emit: (event) => rules.emit(event),
      });
      return deployed;
    },
    async close() {
      scheduler.close();
      rules.close();
      deliveries.close();
      engine.close();
      await apis.close();
      // Running invocations get a moment to end; what does not is repeated after the next start.
      await Promise.race([mappings.close(), new Promise((done) => setTimeout(done, 1500))]);
      await lambda.close();
      aws.close();
      journal.close();
      documents.close();
    },
  };
}
