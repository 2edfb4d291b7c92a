import type { Collection } from '../documents.ts';
import type { MappingDefinition } from './mapping.ts';
import type { ProcessingResult } from './ports.ts';
import type { RunningMapping } from './running.ts';

/** A mapping as it is kept. */
export interface MappingRow {
  readonly uuid: string;
  readonly functionName: string;
  readonly functionArn: string;
  /** In the words of the Lambda API; `Enabled` is what was last asked for. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings of the template that made it, as JSON; absent when a call of the API did. */
  readonly template?: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  readonly lastResult?: ProcessingResult;
}

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** One mapping from its creation to its deletion. Its changes take effect one after the other. */
export interface ManagedMapping {
  readonly row: MappingRow;
  readonly state: MappingState;
  readonly running: RunningMapping | undefined;
  report(result: ProcessingResult): void;
  /** Ends what runs and starts anew with `next`; `through` is the state meanwhile. Rejects when it cannot be started. */
  become(next: MappingRow, through: MappingState): Promise<void>;
  end(): Promise<void>;
  /** Ends what runs, changes nothing that is kept. */
  halt(): Promise<void>;
}

export interface ManagedPorts {
  readonly rows: Collection<MappingRow>;
  definitionOf(row: MappingRow): MappingDefinition;
  start(definition: MappingDefinition): RunningMapping;
}

export function manage(first: MappingRow, ports: ManagedPorts): ManagedMapping {
  let row = first;
  let state: MappingState = 'Creating';
  let running: RunningMapping | undefined;
  let chain: Promise<void> = Promise.resolve();
  let lastResult = first.lastResult;

  const halt = async (): Promise<void> => {
    const ended = running;
    running = undefined;
    await ended?.stop();
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = chain.then(work);
    chain = turn.catch(() => undefined);
    return turn;
  };
  return {
    get row() {
      return lastResult === undefined ? row : { ...row, lastResult };
    },
    get state() {
      return state;
    },
    get running() {
      return running;
    },
    report: (result) => void (lastResult = result),
    become(next, through) {
      state = through;
      return inTurn(async () => {
        await halt();
        row = next;
        ports.rows.put(row.uuid, row);
        const definition = ports.definitionOf(row);
        state = definition.enabled ? 'Enabled' : 'Disabled';
        if (definition.enabled) running = ports.start(definition);
      });
    },
    end() {
      state = 'Deleting';
      return inTurn(async () => {
        await halt();
        ports.rows.remove(row.uuid);
      });
    },
    halt: () => inTurn(halt),
  };
}
