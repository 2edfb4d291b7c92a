import type { World } from '../world/world.ts';
import type { Scanned } from './scan.ts';

/** I1 and I2: every event that was answered 2xx is in exactly one home, and there is nothing that nobody sent. */
export function oneHome({ settlement, found }: Scanned, { ledger }: World): string[] {
  const whose = new Map(ledger.all().map(({ id, fault, said }) => [id, `${said.type} of fault ${fault}`]));
  const line = (what: string, ids: readonly string[]): string[] => ids.map((id) => `${what} ${id} (${whose.get(id) ?? 'nobody sent it'})`);
  const stuck = [...settlement.homes].filter(([, home]) => home === 'inFlight').map(([id]) => id);
  // while all is under way the load's hand-over is the one overlap that is allowed; now nothing is under way
  const both = [...found.table.keys()].filter((id) => found.warehouse.has(id));
  return [...line('I1: still in flight', stuck), ...line('I1: loaded and not forgotten', both), ...line('I2: lost', settlement.lost), ...line('I1: in more than one home, or twice in one:', settlement.duplicated), ...line('I2: unexpected', settlement.unexpected)];
}
