import type { EventBridge, EventBus } from './eventbridge/event-bridge.ts';
import { putEvents, type PutEntry } from './eventbridge/put-events.ts';
import { readPattern, STATES, type Rule, type RuleProperties } from './eventbridge/rule.ts';
import type { RuleTarget } from './events/target-input.ts';
import { unsupportedTarget } from './events/targets.ts';
import { optionalText, text } from './fields.ts';
import { AwsError, jsonProtocol, type LocalService } from './service.ts';

type Input = Record<string, unknown>;

const MOST_TARGETS = 5;

function shown({ name, bus, arn, properties }: Rule): Input {
  const { EventPattern: pattern, ScheduleExpression, Description, RoleArn, State = 'ENABLED' } = properties;
  return { Name: name, Arn: arn, EventBusName: bus, State, Description, RoleArn, ScheduleExpression, EventPattern: typeof pattern === 'object' ? JSON.stringify(pattern) : pattern };
}

/** One page by `Limit` and `NextToken`, which is the place where it goes on. */
function page<T>(items: readonly T[], input: Input): { items: readonly T[]; NextToken?: string } {
  const from = Number(Buffer.from(text(input, 'NextToken'), 'base64url').toString() || 0);
  const size = Number(input['Limit'] ?? 100);
  return { items: items.slice(from, from + size), ...(items.length > from + size ? { NextToken: Buffer.from(String(from + size)).toString('base64url') } : {}) };
}

const tagsIn = (input: Input): Record<string, string> => Object.fromEntries(((input['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
/** The EventBridge API. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html */
export function eventBridgeService(bridge: EventBridge): LocalService {
  const bus = (input: Input): string => bridge.findBus(text(input, 'EventBusName', 'default')).name;
  const find = (input: Input, field = 'Name'): Rule => bridge.find(text(input, field), bus(input));
  const replace = (rule: Rule, change: RuleProperties): Rule => bridge.define(rule.name, { ...rule.properties, ...change }, rule.bus);
  const ofArn = (input: Input): Rule => {
    const [, path = ''] = /:rule\/(.+)$/.exec(text(input, 'ResourceARN')) ?? [];
    const [name = '', on = 'default'] = path.split('/').reverse();
    return bridge.find(name, on);
  };
  const busShown = ({ name, arn, createdAt }: EventBus): Input => ({ Name: name, Arn: arn, CreationTime: createdAt / 1000, LastModifiedTime: createdAt / 1000 });

  return {
    ...jsonProtocol(['events'], {
      PutEvents: (input) => putEvents(bridge, (input['Entries'] ?? []) as PutEntry[]),
      PutRule(input) {
        const [name, on] = [text(input, 'Name'), bus(input)];
        const state = optionalText(input, 'State');
        if (state !== undefined && !STATES.includes(state)) throw new AwsError('ValidationException', `State ${state} is not one of ${STATES.join(', ')}`);
        const properties = Object.fromEntries(['EventPattern', 'ScheduleExpression', 'State', 'Description', 'RoleArn'].flatMap((field) => (input[field] === undefined ? [] : [[field, text(input, field)]]))) as RuleProperties;
        return { RuleArn: bridge.define(name, properties, on, input['Tags'] === undefined ? undefined : tagsIn(input)).arn };
      },
      DescribeRule: (input) => shown(find(input)),
      ListRules(input) {
        const { items, ...more } = page(bridge.rules(bus(input)).filter(({ name }) => name.startsWith(text(input, 'NamePrefix'))), input);
        return { Rules: items.map(shown), ...more };
      },
      ListRuleNamesByTarget(input) {
        const { items, ...more } = page(bridge.rules(bus(input)).filter(({ properties }) => properties.Targets?.some(({ Arn }) => Arn === input['TargetArn'])), input);
        return { RuleNames: items.map(({ name }) => name), ...more };
      },
      DeleteRule(input) {
        const [name, on] = [text(input, 'Name'), bus(input)];
        if (bridge.has(name, on) && (bridge.find(name, on).properties.Targets ?? []).length > 0) throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
        bridge.remove(name, on);
      },
      EnableRule: (input) => void replace(find(input), { State: 'ENABLED' }),
      DisableRule: (input) => void replace(find(input), { State: 'DISABLED' }),
      PutTargets(input) {
        const rule = find(input, 'Rule');
        const given = (input['Targets'] ?? []) as RuleTarget[];
        const failed = given.flatMap((target) => {
          const problem = unsupportedTarget(target);
          return problem === undefined ? [] : [{ TargetId: target.Id, ErrorCode: 'ValidationException', ErrorMessage: problem }];
        });
        const good = given.filter(({ Id }) => !failed.some(({ TargetId }) => TargetId === Id));
        const targets = new Map([...(rule.properties.Targets ?? []), ...good].map((target) => [target.Id, target]));
        if (targets.size > MOST_TARGETS) throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
        replace(rule, { Targets: [...targets.values()] });
        return { FailedEntryCount: failed.length, FailedEntries: failed };
      },
      RemoveTargets(input) {
        const rule = find(input, 'Rule');
        const ids = (input['Ids'] ?? []) as string[];
        const targets = rule.properties.Targets ?? [];
        const missing = ids.filter((id) => !targets.some(({ Id }) => Id === id));
        replace(rule, { Targets: targets.filter(({ Id }) => !ids.includes(Id)) });
        return { FailedEntryCount: missing.length, FailedEntries: missing.map((id) => ({ TargetId: id, ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Rule ${rule.name} does not have target(s) with ID ${id}` })) };
      },
      ListTargetsByRule(input) {
        const { items, ...more } = page(find(input, 'Rule').properties.Targets ?? [], input);
        return { Targets: items, ...more };
      },
      TestEventPattern(input) {
        const matches = readPattern(text(input, 'EventPattern'));
        let event: unknown;
        try {
          event = JSON.parse(text(input, 'Event'));
        } catch {
          throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: Event is not valid JSON.');
        }
        const missing = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'].filter((field) => (event as Input)[field] === undefined);
        if (missing.length > 0) throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: Event has no ${missing.join(', ')}.`);
        return { Result: matches(event) };
      },
      CreateEventBus(input) {
        const name = text(input, 'Name');
        if (bridge.buses().some((each) => each.name === name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
        return { EventBusArn: bridge.defineBus(name).arn };
      },
      DeleteEventBus(input) {
        const name = text(input, 'Name');
        if (name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
        if (bridge.rules(name).length > 0) throw new AwsError('ValidationException', `Event bus ${name} can't be deleted since it has rules.`);
        bridge.removeBus(name);
      },
      DescribeEventBus: (input) => busShown(bridge.findBus(text(input, 'Name', 'default'))),
      ListEventBuses(input) {
        const { items, ...more } = page(bridge.buses().filter(({ name }) => name.startsWith(text(input, 'NamePrefix'))), input);
        return { EventBuses: items.map(busShown), ...more };
      },
      TagResource(input) {
        const rule = ofArn(input);
        bridge.define(rule.name, rule.properties, rule.bus, { ...rule.tags, ...tagsIn(input) });
      },
      UntagResource(input) {
        const rule = ofArn(input);
        bridge.define(rule.name, rule.properties, rule.bus, Object.fromEntries(Object.entries(rule.tags).filter(([key]) => !(input['TagKeys'] as string[]).includes(key))));
      },
      ListTagsForResource: (input) => ({ Tags: Object.entries(ofArn(input).tags).map(([Key, Value]) => ({ Key, Value })) }),
    }),
    close: () => Promise.resolve(),
  };
}
