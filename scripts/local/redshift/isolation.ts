import type pg from 'pg';

/** How transactions begin: as the database's isolation level says. */
export interface Isolation {
  begin(): Promise<string>;
  /** It may have changed (ALTER DATABASE … ISOLATION LEVEL). */
  forget(): void;
}

/** Snapshot isolation is what a serverless workgroup's database begins with (https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html). */
export function isolationOf(aside: pg.Pool): Isolation {
  let known: string | undefined;
  return {
    async begin() {
      if (known !== undefined) return known;
      const { rows } = await aside.query<{ level: string }>('SELECT isolation_level AS level FROM redshift.stv_db_isolation_level');
      return (known = `BEGIN ISOLATION LEVEL ${rows[0]?.level.trim() === 'Serializable' ? 'SERIALIZABLE' : 'REPEATABLE READ'}`);
    },
    forget: () => void (known = undefined),
  };
}
