import { randomUUID } from 'node:crypto';
import { compilePattern, type EventPattern } from './event-pattern.ts';
import { AwsError, jsonProtocol, type LocalService } from './service.ts';
import { fillTarget, type RuleTarget } from './events/target-input.ts';

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly enabled: boolean;
  readonly pattern?: EventPattern;
  readonly targets: readonly RuleTarget[];
}

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

export interface EventBridge {
  deploy(rule: Rule): void;
  remove(name: string): void;
  /** Hands the event to every rule that matches; a target that fails is told on stderr and does not stop the others. */
  emit(event: Pick<BusEvent, 'detail-type' | 'source' | 'detail'> & Partial<BusEvent>, bus?: string): Promise<void>;
  rules(): Rule[];
  readonly service: LocalService;
}

export interface EventBridgeOptions {
  readonly region: string;
  readonly accountId: string;
  deliver(arn: string, body: string): Promise<void>;
}

export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const rules = new Map<string, { rule: Rule; matches: (event: unknown) => boolean }>();

  const emit: EventBridge['emit'] = async (given, bus = 'default') => {
    const event: BusEvent = { version: '0', id: randomUUID(), account: options.accountId, time: new Date().toISOString().replace(/\.\d+/, ''), region: options.region, resources: [], ...given };
    const targets = [...rules.values()].filter(({ rule, matches }) => rule.enabled && rule.bus === bus && rule.pattern && matches(event)).flatMap(({ rule }) => rule.targets);
    await Promise.all(targets.map(async (target) => {
      try {
        await options.deliver(target.Arn, fillTarget(target, event));
      } catch (error) {
        process.stderr.write(`local cloud: EventBridge target ${target.Arn}: ${String(error)}\n`);
      }
    }));
  };
  const service = jsonProtocol(['events'], {
    async PutEvents(input) {
      const entries = (input['Entries'] ?? []) as { Source?: string; DetailType?: string; Detail?: string; EventBusName?: string; Time?: number; Resources?: string[] }[];
      if (entries.length === 0 || entries.length > 10) throw new AwsError('ValidationException', 'between 1 and 10 entries');
      const answers = [];
      for (const entry of entries) {
        const id = randomUUID();
        try {
          const detail: unknown = JSON.parse(entry.Detail ?? '{}');
          await emit({ id, 'detail-type': entry.DetailType ?? '', source: entry.Source ?? '', detail, resources: entry.Resources ?? [] }, (entry.EventBusName ?? 'default').split('/').pop());
          answers.push({ EventId: id });
        } catch {
          answers.push({ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' });
        }
      }
      return { FailedEntryCount: answers.filter((answer) => answer.ErrorCode).length, Entries: answers };
    },
    ListRules: () => ({ Rules: [...rules.values()].map(({ rule }) => ({ Name: rule.name, Arn: rule.arn, State: rule.enabled ? 'ENABLED' : 'DISABLED', EventBusName: rule.bus, EventPattern: rule.pattern && JSON.stringify(rule.pattern) })) }),
    ListTargetsByRule: (input) => ({ Targets: rules.get(String(input['Rule']))?.rule.targets ?? [] }),
  });
  return {
    deploy: (rule) => void rules.set(rule.name, { rule, matches: rule.pattern ? compilePattern(rule.pattern) : () => false }),
    remove: (name) => void rules.delete(name),
    emit,
    rules: () => [...rules.values()].map(({ rule }) => rule),
    service: { ...service, close: () => Promise.resolve() },
  };
}
