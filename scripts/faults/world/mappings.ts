import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand, type UpdateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import type { World } from './world.ts';

/** Changes the event-source mapping of a function, as an operator would. */
export async function changeMapping({ lambda }: World, functionName: string, change: Omit<UpdateEventSourceMappingCommandInput, 'UUID'>): Promise<void> {
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: functionName }));
  if (!mapping) throw new Error(`${functionName} has no event-source mapping`);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, ...change }));
}
