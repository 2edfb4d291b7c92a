import { SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { StepResult } from './workflow.ts';

/** Answers the tasks of process-return that wait on a token. */
export interface TaskAnswers {
  /** `gone`: nobody waits on this token any more. */
  answer(token: string, result: StepResult): Promise<'answered' | 'gone'>;
}

const gone = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

export const taskAnswers = (client: Pick<SFNClient, 'send'>): TaskAnswers => ({
  async answer(taskToken, result) {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(result) }));
      return 'answered';
    } catch (error) {
      if (error instanceof Error && gone.has(error.name)) return 'gone';
      throw error;
    }
  },
});

/** Keeps the answers; `goneTokens` are waited on no more. */
export class MemoryTaskAnswers implements TaskAnswers {
  readonly answered: { readonly token: string; readonly result: StepResult }[] = [];
  readonly goneTokens = new Set<string>();

  async answer(token: string, result: StepResult): Promise<'answered' | 'gone'> {
    if (this.goneTokens.has(token)) return 'gone';
    this.answered.push({ token, result });
    return 'answered';
  }
}
