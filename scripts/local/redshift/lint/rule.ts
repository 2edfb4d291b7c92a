/** A form that PostgreSQL takes and Redshift refuses, or does differently in silence. */
export interface Rule {
  /** What it is called in tests. */
  readonly name: string;
  /** Matched against the statement with its literals and quoted names masked as `\u0001<n>\u0001`. */
  readonly form: RegExp;
  /** Only statements that begin like this; absent: all. */
  readonly of?: RegExp;
  /** Only inside a transaction: a batch, or a migration. */
  readonly inTransaction?: true;
  /** What is wrong, and what to write instead. */
  readonly instead: string;
}

/** Pages of the Redshift Database Developer Guide. */
export const docs = 'https://docs.aws.amazon.com/redshift/latest/dg';
