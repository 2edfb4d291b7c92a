import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { findAll } from '../../start/finite.ts';
import type { Found } from '../../start/scan/found.ts';
import { settle, type Settlement } from '../../start/scan/settle.ts';
import { names } from '../../start/stage.ts';
import type { Row } from '../world/look.ts';
import type { World } from '../world/world.ts';

/** All three homes as they are now, matched with what was sent. */
export interface Scanned {
  readonly found: Found;
  readonly settlement: Settlement;
  /** Quarantined under the id of another event, whose content they would have replaced. */
  readonly conflicts: readonly string[];
  /** Every item of the in-flight table. */
  readonly items: readonly Row[];
}

async function everyItem({ stage }: World): Promise<Row[]> {
  const items: Row[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await stage.dynamodb.send(new ScanCommand({ TableName: names.inFlight, ...(from && { ExclusiveStartKey: from }) }));
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

export async function scan(world: World): Promise<Scanned> {
  const [all, items] = [await findAll(world.stage), await everyItem(world)];
  const isConflict = ({ code, events }: Found['quarantine'][number]): boolean => code === 'CONFLICT' && events.some(world.ledger.isConflict);
  const found: Found = { ...all, quarantine: all.quarantine.filter((entry) => !isConflict(entry)) };
  return { found, items, settlement: settle(world.ledger.all(), found), conflicts: all.quarantine.filter(isConflict).flatMap(({ events }) => events) };
}
