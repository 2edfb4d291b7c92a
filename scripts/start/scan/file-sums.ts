import { billionths, decimalOf, type FileTotals } from './csv.ts';
import type { Warehouse } from './sql.ts';

/** A class of rows in the warehouse: how many, and their money as the file signs it (billionths). */
export interface Part {
  readonly what: string;
  readonly class: string;
  readonly lines: number;
  readonly money: bigint;
}

/** What the warehouse holds of one account of the file drop. */
export interface FileRows {
  readonly parts: readonly Part[];
  /** Document → lines and money (billionths) in orders, returns and adjustments. */
  readonly documents: ReadonlyMap<string, { lines: number; money: bigint }>;
  /** Sum of what rounding dropped (billionths), from the line that names it. */
  readonly remainder: bigint;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Reads the rows of an account by the warehouse's own columns. Returns count positive what came back, so their money is
 * turned round; an adjustment stands for one line, the rounding line for none.
 */
export async function fileRows(warehouse: Warehouse, account: string): Promise<FileRows> {
  const where = `source = 'file-drop' AND account = ${quoted(account)}`;
  const documents = new Map<string, { lines: number; money: bigint }>();
  const sums = new Map<string, { what: string; class: string; lines: number; money: bigint }>();
  let remainder = 0n;
  const add = (what: string, kind: string, id: string, lines: number, money: bigint): void => {
    const name = `${what} ${kind}`;
    const sum = sums.get(name) ?? { what, class: kind, lines: 0, money: 0n };
    sums.set(name, { ...sum, lines: sum.lines + lines, money: sum.money + money });
    const document = documents.get(id) ?? { lines: 0, money: 0n };
    documents.set(id, { lines: document.lines + lines, money: document.money + money });
  };
  const orders = warehouse.query(
    `SELECT o.order_id, COALESCE(p.line_class, 'product'), CAST(COUNT(*) AS VARCHAR(20)), CAST(SUM(p.price_charged) AS VARCHAR(40))
     FROM orders o JOIN order_product p ON p.order_key = o.order_key WHERE o.${where.replace(' AND ', ' AND o.')}
     GROUP BY o.order_id, COALESCE(p.line_class, 'product') ORDER BY 1, 2`,
  );
  for await (const [id, kind, lines, money] of orders) add('order lines', String(kind), String(id), Number(lines), billionths(String(money)));
  const returns = warehouse.query(
    `SELECT r.return_id, COALESCE(l.line_class, 'product'), CAST(COUNT(*) AS VARCHAR(20)), CAST(SUM(l.refund_amount) AS VARCHAR(40))
     FROM returns r JOIN return_line l ON l.return_key = r.return_key WHERE r.${where.replace(' AND ', ' AND r.')}
     GROUP BY r.return_id, COALESCE(l.line_class, 'product') ORDER BY 1, 2`,
  );
  for await (const [id, kind, lines, money] of returns) add('return lines', String(kind), String(id), Number(lines), -billionths(String(money)));
  const adjustments = warehouse.query(
    `SELECT adjustment_id, kind, CAST(amount AS VARCHAR(40)), reason FROM adjustment WHERE ${where} ORDER BY adjustment_id`,
  );
  for await (const [id, kind, amount, reason] of adjustments) {
    const rounding = /^rounding remainder (-?[\d.]+) /.exec(String(reason ?? ''));
    if (rounding && String(id).startsWith('rounding-')) remainder += billionths(rounding[1] ?? '0');
    else add('adjustments', String(kind), String(id), 1, billionths(String(amount ?? '0')));
  }
  return { parts: [...sums.values()].sort((a, b) => (`${a.what} ${a.class}` < `${b.what} ${b.class}` ? -1 : 1)), documents, remainder };
}

/** Adjustments of a document with several lines are named `<document>-<line>`. */
const documentOf = (id: string, known: ReadonlyMap<string, unknown>): string => (known.has(id) ? id : id.replace(/-\d+$/, ''));

export interface FileMatch {
  readonly missing: readonly string[];
  readonly strange: readonly string[];
  /** Documents whose lines or money differ from the file's. */
  readonly wrong: readonly string[];
  readonly lines: number;
  readonly documents: number;
  /** Everything in the warehouse plus the remainder (billionths). */
  readonly money: bigint;
}

/** Sets the warehouse against the file, document by document and in sum. */
export function matchFile(file: FileTotals, found: FileRows): FileMatch {
  const grouped = new Map<string, { lines: number; money: bigint }>();
  for (const [id, { lines, money }] of found.documents) {
    const name = documentOf(id, file.documents);
    const sum = grouped.get(name) ?? { lines: 0, money: 0n };
    grouped.set(name, { lines: sum.lines + lines, money: sum.money + money });
  }
  const wrong: string[] = [];
  const missing: string[] = [];
  // rounding moves a line by half a cent at most, whatever the currency
  const halfCent = 5_000_000n;
  for (const [id, { lines, money }] of file.documents) {
    const row = grouped.get(id);
    if (!row) {
      missing.push(id);
      continue;
    }
    const off = row.money > money ? row.money - money : money - row.money;
    if (row.lines !== lines) wrong.push(`${id}: ${row.lines} lines, the file has ${lines}`);
    else if (off > halfCent * BigInt(lines)) wrong.push(`${id}: ${decimalOf(row.money)}, the file has ${decimalOf(money)}`);
  }
  const strange = [...grouped.keys()].filter((id) => !file.documents.has(id));
  return {
    missing, strange, wrong,
    lines: found.parts.reduce((sum, part) => sum + part.lines, 0),
    documents: [...grouped.keys()].length,
    money: found.parts.reduce((sum, part) => sum + part.money, 0n) + found.remainder,
  };
}
