/** What a table's ARN tells: a function that knows it needs no other variable for account and region. */
export interface TablePlace {
  readonly region: string;
  readonly account: string;
  readonly table: string;
}

/** @throws Error when it is no ARN of a table */
export function placeOf(tableArn: string): TablePlace {
  const [, , , region, account, resource = ''] = tableArn.split(':');
  if (!region || !account || !resource.startsWith('table/')) throw new Error(`TABLE_ARN: ${tableArn} is no ARN of a table`);
  return { region, account, table: resource.slice('table/'.length) };
}
