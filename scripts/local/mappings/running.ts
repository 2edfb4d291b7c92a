import type { MappingDefinition } from './mapping.ts';

export interface MappingActivity {
  /** Taken from the source, not done yet. */
  readonly records: number;
  /** The source holds more that has not been taken. */
  readonly unread: boolean;
}

export interface RunningMapping {
  readonly definition: MappingDefinition;
  /** Ends open batch windows now. */
  flush(): void;
  activity(): MappingActivity;
  /** Takes nothing more; resolves when running invocations have ended. */
  stop(): Promise<void>;
}
