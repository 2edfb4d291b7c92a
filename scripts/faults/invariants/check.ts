import type { World } from '../world/world.ts';
import { historyPaths } from './history.ts';
import { oneHome } from './homes.ts';
import { messagesOnce } from './messages.ts';
import { noOpenExecutions } from './executions.ts';
import { nothingPersonal } from './privacy.ts';
import { replayable } from './quarantine.ts';
import { refundsWithinPaid } from './refunds.ts';
import { rowsAsSent } from './rows.ts';
import { scan } from './scan.ts';
import { tombstonesLoaded } from './tombstones.ts';

/**
 * What must be true whenever all is quiet (FAULTS.md, I1 to I12), judged from outside: by what the senders know, and by
 * reading the three homes. Shares no code with intake and loader.
 * @returns one line for each thing that is not true, beginning with the invariant's number
 */
export async function checkInvariants(world: World): Promise<string[]> {
  const scanned = await scan(world);
  const found = await Promise.all([
    rowsAsSent(scanned, world), messagesOnce(world), refundsWithinPaid(world), historyPaths(world),
    noOpenExecutions(world), replayable(scanned, world), nothingPersonal(world),
  ]);
  return [...oneHome(scanned, world), ...tombstonesLoaded(scanned), ...found.flat()];
}
