import type { SourceDefinition } from '../sources/definition.ts';
import type { IntakeDeps } from './ports.ts';
import { refusal, type Answer, type Reason } from './refusals.ts';

/** Refuses, counted by reason and, where there is such a source, by source; never by a word that a stranger chose. */
export function refuse(
  reason: Reason, { meter, log }: Pick<IntakeDeps, 'meter' | 'log'>, source?: SourceDefinition, headers?: Readonly<Record<string, string>>,
): Answer {
  const answer = refusal(reason, headers);
  meter.count('rejected', 1, { reason });
  if (source) meter.count('rejectedOfSource', 1, { source: source.name });
  const ours = answer.status >= 500;
  log[ours ? 'error' : 'warn'](ours ? 'INTAKE_UNAVAILABLE' : 'INTAKE_REJECTED', { status: answer.status, reason, source: source?.name });
  return answer;
}
