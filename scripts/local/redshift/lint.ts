import { splitTop } from './calls.ts';
import { lackingForms } from './lacking.ts';
import { expressionRules } from './lint/expressions.ts';
import { docs, type Rule } from './lint/rule.ts';
import { statementRules } from './lint/statements.ts';
import { subqueryFaults } from './lint/subqueries.ts';
import { windowFaults } from './lint/windows.ts';
import { mask, statementsOf } from './masked.ts';

/**
 * What PostgreSQL takes and Redshift refuses, or does differently in silence. No parser on npm judges Redshift SQL, so this is
 * a list of forms; the local warehouse refuses them too.
 */
export const rules: readonly Rule[] = [...statementRules, ...expressionRules];

/** What a pattern alone cannot tell. */
function structuralFaults(code: string, literals: readonly string[]): string[] {
  const faults = [...windowFaults(code), ...subqueryFaults(code)];
  if (/^\s*MERGE\b/i.test(code)) {
    const removes = /\bREMOVE\s+DUPLICATES\b/i.test(code);
    if (!removes && !(/\bWHEN\s+MATCHED\b/i.test(code) && /\bWHEN\s+NOT\s+MATCHED\b/i.test(code))) faults.push('MERGE needs both clauses, WHEN MATCHED and WHEN NOT MATCHED');
    const condition = /\bON\b([\s\S]*?)\bWHEN\b/i.exec(code)?.[1] ?? '';
    if (/\bOR\b|<|>|!=|\bLIKE\b|\bBETWEEN\b/i.test(condition)) faults.push(`MERGE … ON: equal predicates only (${docs}/r_MERGE.html)`);
  }
  if (/^\s*ALTER\s+TABLE\b/i.test(code) && splitTop(code).length > 1) faults.push(`ALTER TABLE with more than one action: one action a statement (${docs}/r_ALTER_TABLE.html)`);
  // on Redshift a backslash in a literal escapes what follows it
  if (!/^\s*(COPY|UNLOAD)\b/i.test(code) && literals.some((literal) => literal.startsWith("'") && literal.includes('\\'))) faults.push('a backslash in a text is an escape on Redshift and none on PostgreSQL: use CHR(92), or [.] in patterns');
  if (literals.some((literal) => /^\$\w*\$/.test(literal))) faults.push('dollar quotes: use single quotes');
  return faults;
}

/** Faults of one statement, each saying what to write instead; empty when none is known. */
export function redshiftFaults(statement: string, inTransaction = false): string[] {
  const { code, literals } = mask(statement);
  const found = rules.filter((rule) => (rule.of?.test(code) ?? true) && (inTransaction || !rule.inTransaction) && rule.form.test(code)).map(({ instead }) => instead);
  return [...new Set([...found, ...structuralFaults(code, literals)])];
}

/** Faults of SQL that must run on both: what Redshift refuses, and what the local warehouse has not. */
export const portableFaults = (statement: string, inTransaction = false): string[] =>
  [...redshiftFaults(statement, inTransaction), ...lackingForms(mask(statement).code).map((lack) => `the local warehouse does not have ${lack}`)];

/** Faults of every statement of a script, with the number of the statement from 1. */
export const scriptFaults = (script: string): { statement: number; fault: string }[] =>
  statementsOf(script).flatMap((statement, at) => portableFaults(statement, true).map((fault) => ({ statement: at + 1, fault })));
