import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Deliveries } from './deliveries.ts';

/** What rules and schedules both need to fire at targets. */
export interface Firing {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Nothing fires by itself. */
  readonly paused: boolean;
  readonly deliveries: Pick<Deliveries, 'add'>;
  /** The key that stands for a rule's target or a schedule acts under its role. */
  actsAs(accessKeyId: string, roleArn: string): void;
}
