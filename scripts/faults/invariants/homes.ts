import type { World } from '../world/world.ts';
import type { Scanned } from './scan.ts';

/** I1 and I2: every event that was answered 2xx is in exactly one home, and there is nothing that nobody sent. */
export function oneHome({ settlement }: Scanned, { ledger }: World): string[] {
  const whose = new Map(ledger.all().map(({ id, fault, said }) => [id, `${said.type} of fault ${fault}`]));
  const line = (what: string, ids: readonly string[]): string[] => ids.map((id) => `${what} ${id} (${whose.get(id) ?? 'nobody sent it'})`);
  return [...line('I2: lost', settlement.lost), ...line('I1: in more than one home, or twice in one:', settlement.duplicated), ...line('I2: unexpected', settlement.unexpected)];
}
