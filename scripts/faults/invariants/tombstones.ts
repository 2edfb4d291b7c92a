import type { Scanned } from './scan.ts';

/** I4: what the in-flight table has forgotten is in the warehouse. */
export function tombstonesLoaded({ items, found }: Scanned): string[] {
  return items.flatMap((row) => {
    if (row['state'] !== 'FORGOTTEN') return [];
    const { id = '' } = JSON.parse(String(row['event'])) as { id?: string };
    const personal = ['data', 'progress', 'linesAt'].filter((name) => row[name] !== undefined);
    return [
      ...(found.warehouse.has(id) ? [] : [`I4: ${String(row['pk'])} ${String(row['sk'])} is a tombstone, but its event ${id} is not in the warehouse`]),
      ...(personal.length > 0 ? [`I10: the tombstone ${String(row['pk'])} still holds ${personal.join()}`] : []),
    ];
  });
}
