import { text } from '../fields.ts';
import type { JsonOperation } from '../service.ts';
import type { Engine } from './engine-contract.ts';
import { jsonIn, limitedText, required } from './request.ts';

/** Answers to task tokens. */
export function taskOperations(engine: Engine): Readonly<Record<string, JsonOperation>> {
  return {
    SendTaskSuccess: (input) => engine.tokens.answer(required(input, 'taskToken'), { output: jsonIn(input, 'output', 'InvalidOutput', 'Invalid Output') }),
    SendTaskFailure: (input) => engine.tokens.answer(required(input, 'taskToken'), { error: limitedText(input, 'error', 256) ?? '', cause: limitedText(input, 'cause', 32_768) ?? '' }),
    SendTaskHeartbeat: (input) => engine.tokens.heartbeat(text(input, 'taskToken')),
  };
}
