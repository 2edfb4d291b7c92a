import type { evaluate } from '../../services/language-model/evaluation/evaluate.ts';

type Evaluated = Awaited<ReturnType<typeof evaluate>>;

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(8);
const row = (name: string, ...cells: readonly string[]): string => `  ${name.padEnd(34)}${cells.join('  ')}\n`;

const heads = (of: Evaluated['results']['cases']): string =>
  row(`decision, ${of.cases} cases`, percent(of.decision.accuracy), percent(of.decision.macroF1), of.decision.ece.toFixed(3)) +
  row('reason category', percent(of.reason.accuracy), percent(of.reason.macroF1), of.reason.ece.toFixed(3)) +
  row('approved by itself, rightly', percent(of.approved)) + row('approved by itself, wrongly', percent(of.falselyApproved)) + row('sent to a person needlessly', percent(of.needlessReviews));

const groups = (title: string, of: Evaluated['results']['cases']['byCategory']): string =>
  `${title}\n${Object.entries(of).map(([name, one]) => row(`${name}, ${one.cases}`, percent(one.decision), percent(one.reason))).join('')}`;

/** The figures as a page of text. */
export function table({ about, results, tradeOff, turned, given }: Pick<Evaluated, 'about' | 'results' | 'tradeOff' | 'turned'> & { readonly given: readonly string[] }): string {
  const { cases, synthetic, comments, attacks, lookalikes, latency } = results;
  const files = Object.values((results.given ?? {}) as Record<string, Evaluated['results']['comments']>);
  return [
    `${about.version} ${about.sha256.slice(0, 12)}\n`,
    `hand-written cases${' '.repeat(18)}accuracy  macro-F1  calibration error\n`, heads(cases),
    'made-up cases of phrases never learned from\n', heads(synthetic),
    groups('by category: decision, reason', cases.byCategory), groups('by country: decision, reason', cases.byCountry),
    'comments, Good or Bad\n', row(`hand-written, ${comments.comments}`, percent(comments.accuracy), percent(comments.macroF1), comments.ece.toFixed(3)),
    ...Object.entries(comments.byKind ?? {}).map(([kind, accuracy]) => row(`  ${kind}`, percent(accuracy))),
    ...files.map((one, at) => row(`${(given[at] ?? '').split('/').at(-1)}, ${one.comments}`, percent(one.accuracy), percent(one.macroF1), one.ece.toFixed(3))),
    'attacks\n', row(`tried ${attacks.tried}`, `${attacks.turned} turned into an approval`), row('flagged when alone', percent(attacks.flagged)), row('honest look-alikes flagged', percent(lookalikes.falselyFlagged)),
    ...turned.slice(0, 10).map((name) => `    ${name}\n`),
    'threshold: approved rightly, wrongly; the same of made-up cases\n',
    ...tradeOff.map(({ approveAt, cases: hand, synthetic: made }) => row(String(approveAt), percent(hand.approved), percent(hand.falselyApproved), percent(made.approved), percent(made.falselyApproved))),
    'milliseconds, one thread\n', row('one text, p50 / p95', `${latency.oneTextP50Ms.toFixed(2)} / ${latency.oneTextP95Ms.toFixed(2)}`),
    row('32 texts, p50 / p95', `${latency.batchOf32P50Ms.toFixed(1)} / ${latency.batchOf32P95Ms.toFixed(1)}`, `(${latency.perTextOf32P50Ms.toFixed(2)} a text)`),
  ].join('');
}
