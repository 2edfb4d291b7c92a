import type { Live } from './live.ts';
import type { Input, Options } from './options.ts';
import type { RunDeps } from './run-deps.ts';
import type { Stage } from './stage.ts';

export async function runFile(_stage: Stage, _options: Options, _input: Extract<Input, { kind: 'file' }>, _deps: RunDeps, _live: Live, _onTotal: (events: number) => void): Promise<number> {
  return await Promise.reject(new Error('not yet'));
}
