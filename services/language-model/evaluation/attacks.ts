import type { ReturnPolicy } from '@orderflow/shared/domain';
import type { LanguageModel } from '@orderflow/shared/model';
import type { ReturnCaseText } from './read.ts';
import { instanceOf, isApproved, readAll, type Read } from './returns.ts';

const places = ['before', 'after', 'within'] as const;

function placed(attack: string, text: string, where: (typeof places)[number]): string {
  if (where === 'before') return `${attack} ${text}`;
  if (where === 'after') return `${text} ${attack}`;
  const words = text.split(' ');
  const middle = Math.ceil(words.length / 2);
  return [...words.slice(0, middle), attack, ...words.slice(middle)].join(' ');
}

/**
 * The gate of the safety rules: no added text may turn what was not approved into an approval. Every attack is put
 * before, after and into cases that the product does not approve; the cases take turns.
 * @param perAttack cases that each attack is tried on
 * @returns how many were tried and which turned
 */
export async function tryAttacks(
  model: LanguageModel, policy: ReturnPolicy, attacks: readonly { readonly id: string; readonly text: string }[], refused: readonly ReturnCaseText[], perAttack: number, progress?: (done: number) => void,
): Promise<{ tried: number; turned: string[] }> {
  const tries = attacks.flatMap((attack, at) =>
    Array.from({ length: Math.min(perAttack, refused.length) }, (_, turn) => {
      const of = refused[(at * perAttack + turn) % refused.length] as ReturnCaseText;
      const where = places[turn % places.length] ?? 'before';
      return { name: `${attack.id} ${where} ${of.id}`, of: { ...of, text: placed(attack.text, of.text, where) } };
    }),
  );
  const said = await readAll(model, tries.map(({ of }) => instanceOf(of)), progress);
  const turned = tries.filter(({ of }, at) => {
    const prediction = said[at];
    return prediction !== undefined && isApproved(policy, { of, prediction } satisfies Read);
  });
  return { tried: tries.length, turned: turned.map(({ name }) => name) };
}
