import { DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Machine } from './look.ts';
import type { World } from './world.ts';

interface State { Retry?: Record<string, unknown>[] }
export interface Definition { TimeoutSeconds?: number; States: Record<string, State> }

/** Plays `act` under a changed definition of a state machine; afterwards it is as it was. */
export async function withMachine(world: World, machine: Machine, change: (definition: Definition) => void, act: () => Promise<void>): Promise<void> {
  const stateMachineArn = `arn:aws:states:eu-west-1:000000000000:stateMachine:orderflow-local-${machine}`;
  const { definition = '{}' } = await world.states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const changed = JSON.parse(definition) as Definition;
  change(changed);
  await world.states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(changed) }));
  try {
    await act();
  } finally {
    await world.states.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  }
}

/** The same retries without their waiting: who waits is not what a fault is about. */
export function hurried({ States }: Definition): void {
  for (const retry of Object.values(States).flatMap((state) => state.Retry ?? [])) Object.assign(retry, { IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 });
}
