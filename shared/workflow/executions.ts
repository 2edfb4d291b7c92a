import { StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { InFlightItem, InFlightService } from '@orderflow/shared/store';

/** What an execution is started with: keys, ids and a number, never personal data (CONTRACTS, "Sizes"). */
export const executionInput = z.object({
  pk: z.string(),
  sk: z.string(),
  /** Id of the item's event. */
  eventId: z.string(),
  /** From 1; a woken item gets the next one. */
  attempt: z.int(),
});
export type ExecutionInput = z.infer<typeof executionInput>;

export const machines = { orders: 'process-order', returns: 'process-return', updates: 'process-update' } as const satisfies Record<InFlightService, string>;

export const inputOf = ({ pk, sk, event, attempt }: InFlightItem): ExecutionInput => ({ pk, sk, eventId: event.id, attempt });

/** Name of an execution: the same event and attempt are the same execution, so starting it again does nothing. */
export const executionName = ({ eventId, attempt }: Pick<ExecutionInput, 'eventId' | 'attempt'>): string => `${eventId}-${attempt}`;

/** `missing`: the state machine is not deployed here; the schedule of its service starts the item once it is. */
export type StartResult = 'started' | 'exists' | 'missing';

/** Starts workflow executions; one that exists already is left alone. */
export interface Executions {
  start(service: InFlightService, input: ExecutionInput): Promise<StartResult>;
}

const codeOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** By the conventional ARN of the state machine, so that no stack refers to another. */
export const sfnExecutions = (client: Pick<SFNClient, 'send'>, { stage, region, account }: { stage: string; region: string; account: string }): Executions => ({
  async start(service, input) {
    try {
      await client.send(
        new StartExecutionCommand({
          stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:orderflow-${stage}-${machines[service]}`,
          name: executionName(input),
          input: JSON.stringify(input),
        }),
      );
      return 'started';
    } catch (error) {
      if (codeOf(error) === 'ExecutionAlreadyExists') return 'exists';
      if (codeOf(error) === 'StateMachineDoesNotExist') return 'missing';
      throw error;
    }
  },
});

/** Keeps what was started. */
export class MemoryExecutions implements Executions {
  readonly started: { readonly service: InFlightService; readonly input: ExecutionInput }[] = [];
  calls = 0;

  async start(service: InFlightService, input: ExecutionInput): Promise<StartResult> {
    this.calls++;
    if (this.started.some((one) => executionName(one.input) === executionName(input))) return 'exists';
    this.started.push({ service, input });
    return 'started';
  }
}
