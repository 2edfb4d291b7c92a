import { randomUUID } from 'node:crypto';
import type { Collection } from '../documents.ts';
import type { Firing } from '../events/firing.ts';
import { fillTarget } from '../events/target-input.ts';
import { createTimetable } from '../events/timetable.ts';
import { AwsError } from '../service.ts';
import { compileRule, type CompiledRule, type Rule, type RuleProperties } from './rule.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface EventBus { readonly name: string; readonly arn: string; readonly createdAt: number }

/** Buses and rules on disk, and the deliveries to their targets. */
export interface EventBridge {
  /** Makes the rule or replaces it whole, targets included if they are given. @throws ValidationException, InvalidEventPatternException, ResourceNotFoundException (its bus) */
  define(name: string, properties: RuleProperties, bus?: string, tags?: Readonly<Record<string, string>>): Rule;
  /** Gone, with its targets; no error if there is none. */
  remove(name: string, bus?: string): void;
  /** @throws ResourceNotFoundException */
  find(name: string, bus?: string): Rule;
  has(name: string, bus?: string): boolean;
  rules(bus?: string): Rule[];
  defineBus(name: string): EventBus;
  /** With its rules. */
  removeBus(name: string): void;
  /** By name or ARN. @throws ResourceNotFoundException */
  findBus(name: string): EventBus;
  buses(): EventBus[];
  /** Hands the event to every rule that matches. Deliveries are written down in the current turn's transaction; resolves once that is on disk. */
  emit(event: Pick<BusEvent, 'detail-type' | 'source' | 'detail'> & Partial<BusEvent>, bus?: string): Promise<void>;
  /** Starts the clockwork of scheduled rules unless paused. */
  start(): void;
  close(): void;
}

export interface EventBridgeOptions extends Firing {
  readonly rules: Collection<Rule>;
  readonly buses: Collection<EventBus>;
}

const busName = (nameOrArn: string): string => nameOrArn.split('/').pop() ?? '';

export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { clock, journal } = options;
  const arnOf = (kind: string, path: string): string => `arn:aws:events:${options.region}:${options.accountId}:${kind}/${path}`;
  const keyOf = (name: string, bus: string): string => `${busName(bus)}/${name}`;
  const known = new Map<string, CompiledRule>();
  const isOn = ({ properties }: Rule): boolean => (properties.State ?? 'ENABLED').startsWith('ENABLED');

  const send = (rule: Rule, event: BusEvent): void => {
    const original = JSON.stringify(event);
    for (const target of rule.properties.Targets ?? []) {
      const accessKeyId = target.RoleArn === undefined ? 'local' : `events.${rule.name}.${target.Id}`;
      if (target.RoleArn !== undefined) options.actsAs(accessKeyId, target.RoleArn);
      options.deliveries.add({
        target, body: fillTarget(target, event, rule), original, at: clock.now(), about: { RULE_ARN: rule.arn },
        sender: { service: 'events', accessKeyId, sourceArn: rule.arn, ...(target.RoleArn === undefined ? {} : { roleArn: target.RoleArn }) },
      });
    }
  };
  const eventOf = (given: Parameters<EventBridge['emit']>[0], at = clock.now()): BusEvent =>
    ({ version: '0', id: randomUUID(), account: options.accountId, time: new Date(at).toISOString().replace(/\.\d+/, ''), region: options.region, resources: [], ...given });
  const timetable = createTimetable({
    journal, clock, paused: options.paused,
    fire(key, at) {
      const rule = known.get(key.slice('rule:'.length))?.rule;
      if (rule) send(rule, eventOf({ 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [rule.arn], detail: {} }, at));
    },
  });
  const arm = (key: string, { rule, next }: CompiledRule): void => {
    if (next && isOn(rule)) timetable.set(`rule:${key}`, { text: rule.properties.ScheduleExpression ?? '', next });
    else timetable.delete(`rule:${key}`);
  };
  const findBus: EventBridge['findBus'] = (nameOrArn) => {
    const bus = options.buses.get(busName(nameOrArn));
    if (!bus) throw new AwsError('ResourceNotFoundException', `Event bus ${busName(nameOrArn)} does not exist.`);
    return bus;
  };
  const defineBus: EventBridge['defineBus'] = (name) => {
    const bus = options.buses.get(name) ?? { name, arn: arnOf('event-bus', name), createdAt: clock.now() };
    options.buses.put(name, bus);
    return bus;
  };
  const remove: EventBridge['remove'] = (name, bus = 'default') => {
    const key = keyOf(name, bus);
    if (!known.delete(key)) return;
    timetable.delete(`rule:${key}`);
    options.rules.remove(key);
  };
  if (!options.buses.get('default')) defineBus('default');
  for (const { name: key, content } of options.rules.all()) {
    const compiled = compileRule(content);
    known.set(key, compiled);
    arm(key, compiled);
  }
  return {
    define(name, properties, bus = 'default', tags) {
      const key = keyOf(name, findBus(bus).name);
      const before = known.get(key)?.rule;
      const { Targets = before?.properties.Targets } = properties;
      const rule: Rule = { name, bus: busName(bus), arn: arnOf('rule', busName(bus) === 'default' ? name : key), properties: { ...properties, ...(Targets ? { Targets } : {}) }, tags: tags ?? before?.tags ?? {} };
      const compiled = compileRule(rule);
      known.set(key, compiled);
      options.rules.put(key, rule);
      arm(key, compiled);
      return rule;
    },
    remove,
    find(name, bus = 'default') {
      const found = known.get(keyOf(name, bus));
      if (!found) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName(bus)}.`);
      return found.rule;
    },
    has: (name, bus = 'default') => known.has(keyOf(name, bus)),
    rules: (bus = 'default') => [...known.values()].map(({ rule }) => rule).filter((rule) => rule.bus === busName(bus)).sort((left, right) => (left.name < right.name ? -1 : 1)),
    defineBus,
    removeBus(name) {
      for (const { rule } of [...known.values()]) if (rule.bus === busName(name)) remove(rule.name, name);
      options.buses.remove(busName(name));
    },
    findBus,
    buses: () => options.buses.all().map(({ content }) => content),
    emit(given, bus = 'default') {
      const event = eventOf(given);
      let matched = false;
      for (const { rule, matches } of known.values()) {
        if (rule.bus !== busName(bus) || !isOn(rule) || !matches(event)) continue;
        matched = true;
        send(rule, event);
      }
      return matched ? journal.committed() : Promise.resolve();
    },
    start: () => timetable.start(),
    close: () => timetable.close(),
  };
}
