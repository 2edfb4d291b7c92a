import { closing } from '../calls.ts';
import { docs } from './rule.ts';

const ranking = /^(ROW_NUMBER|RANK|DENSE_RANK|NTILE|CUME_DIST|PERCENT_RANK|LAG|LEAD)$/i;
const ordered = /^(GROUP|MEDIAN|RATIO_TO_REPORT)$/i; // GROUP: WITHIN GROUP (…)

/** Name of the function whose call ends before `at`. */
function functionBefore(code: string, at: number): string {
  let end = at - 1 - (/\b(IGNORE|RESPECT)\s+NULLS\s*$/i.exec(code.slice(0, at))?.[0].length ?? 0);
  while (/\s/.test(code[end] ?? '')) end--;
  if (code[end] !== ')') return '';
  let depth = 0;
  let open = end;
  for (; open >= 0; open--) {
    if (code[open] === ')') depth++;
    else if (code[open] === '(' && --depth === 0) break;
  }
  return /(\w+)\s*$/.exec(code.slice(0, open))?.[1] ?? '';
}

/** Windows that Redshift refuses: it has ROWS frames only, and asks for one wherever an aggregate is ordered. */
export function windowFaults(code: string): string[] {
  const faults: string[] = [];
  for (const found of code.matchAll(/\bOVER\s*\(/gi)) {
    const open = found.index + found[0].length - 1;
    const window = code.slice(open + 1, closing(code, open));
    const name = functionBefore(code, found.index);
    const isOrdered = /\bORDER\s+BY\b/i.test(window);
    const frame = /\bROWS\s+(BETWEEN\b|UNBOUNDED\b|CURRENT\b|\d)/i.test(window);
    if (/\b(RANGE|GROUPS)\s+(BETWEEN|UNBOUNDED|CURRENT|\d)\b|\bEXCLUDE\s+(CURRENT|GROUP|TIES|NO)\b/i.test(window)) faults.push(`window frames: Redshift has ROWS only (${docs}/r_Window_function_synopsis.html)`);
    else if (ranking.test(name) && frame) faults.push(`${name.toUpperCase()}: a ranking function takes no frame (${docs}/r_Window_function_synopsis.html)`);
    else if (ordered.test(name) && (isOrdered || frame)) faults.push('LISTAGG, MEDIAN, PERCENTILE_… and RATIO_TO_REPORT: their window takes PARTITION BY only');
    else if (isOrdered && !frame && !ranking.test(name) && !ordered.test(name)) faults.push(`${name.toUpperCase()} OVER (… ORDER BY …): an ordered aggregate needs a frame, ROWS BETWEEN … (${docs}/r_Window_function_synopsis.html)`);
  }
  return faults;
}
