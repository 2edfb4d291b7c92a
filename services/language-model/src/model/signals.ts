import { reasonCategories, type ReasonCategory } from '@orderflow/shared/model';

/** Words by which customers and vendors' reason codes name each category. First version: patterns, no learning. */
const reasonPatterns: Readonly<Record<Exclude<ReasonCategory, 'other'>, readonly RegExp[]>> = {
  wrong_item: [/\bwrong (?:item|product|colou?r|model|order|one|thing)\b/, /\b(?:sent|received|got|delivered) (?:me )?(?:the |a |an )?(?:wrong|different|another)\b/, /\bnot what i ordered\b/, /\bincorrect (?:item|product)\b/],
  damaged: [/\bdamag/, /\b(?:broken|smashed|cracked|shattered|dented|torn|crushed|scratched|bent)\b(?! after)/, /\bin pieces\b/, /\bleak(?:ed|ing)?\b/],
  defective: [/\bdefect/, /\bfault(?:y|s)?\b/, /\b(?:does|do|did|will|is) ?n[o']?t (?:work|turn on|switch on|charge|start|function)/, /\bstopped working\b/, /\bdead on arrival\b/, /\bmalfunction/, /\bbroke (?:down )?after\b/],
  not_as_described: [/\bnot as (?:described|advertised|pictured|shown|expected)\b/, /\b(?:different|differs?) (?:from|to|than) (?:the )?(?:picture|photo|description|website|listing)/, /\bmisleading\b/, /\b(?:poor|bad|low|cheap) quality\b/, /\bfake|counterfeit\b/, /\bmissing (?:parts?|pieces?|items?|accessor)/],
  size_fit: [/\b(?:too|a bit|far|much) (?:small|big|large|tight|loose|long|short|wide|narrow)\b/, /\bsiz(?:e|es|ing)\b/, /\b(?:does|did|do) ?n[o']?t fit\b/, /\bfits? (?:badly|poorly)\b/],
  late: [/\b(?:too|very|so|arrived|came|delivered|weeks?|days?) late\b/, /\bdelay/, /\bnever (?:arrived|came|received|turned up)\b/, /\bnot (?:yet )?(?:arrived|received|delivered)\b/, /\bafter (?:christmas|the (?:birthday|wedding|event|party))\b/],
  changed_mind: [/\bchanged (?:my|our) minds?\b/, /\b(?:no longer|don't|do not|didn't) (?:need|want|like)\b/, /\bunwanted\b/, /\bdo ?n[o']?t (?:need|want|like)\b/, /\b(?:found|bought) (?:it )?(?:cheaper|elsewhere|a better)\b/, /\bstyle\b/, /\bgift (?:he|she|they) (?:did|does)/],
  duplicate: [/\bduplicate/, /\b(?:ordered|charged|sent|received|delivered|bought) (?:it |them |me )?twice\b/, /\btwo of (?:them|these|the same)\b/, /\bdouble (?:order|charge)/],
  unauthorised: [/\b(?:did ?n[o']?t|never) (?:order|authori[sz]e|place|make) (?:this|it|that)/, /\bunauthori[sz]ed\b/, /\bfraud/, /\bwithout my (?:permission|consent|knowledge)\b/, /\bmy (?:child|kid|son|daughter) (?:ordered|bought)\b/, /\bstolen card\b/],
};

/** Marks of text that speaks to a machine instead of to a shop. Kept wide: a hit only means that a person looks. */
const injectionPatterns: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:rules?|instructions?|polic(?:y|ies)|prompt|above|previous|prior|checks?|guidelines?)\b/,
  /\b(?:you are|act as|pretend|behave as|roleplay)\b.{0,30}\b(?:now|an?|the)?\s*\b(?:ai|assistant|model|bot|system|admin|manager|dan)\b/,
  /\b(?:system|assistant|user|developer)\s*:/, /<\/?(?:system|instructions?|prompt|s|im_start|im_end)[^>]*>|<\|/, /\[\/?inst\]/, /\[(?:system|admin)\]/,
  /["']?(?:decision|sentiment|outcome|approve[d]?|label|result|injection|score|class(?:ification)?)["']?\s*[:=]/, /\b(?:output|print|return|respond with|answer with|reply with|say)\b.{0,20}\b(?:approved?|good|true|json|yes)\b/,
  /\b(?:auto|pre|already|been)[ -]?approved?\b/, /\b(?:must|should|please|just|always) (?:be )?approved?\b/, /\bapprove (?:this|the|my|all|it|every)\b/, /\bnew instructions?\b/, /\b(?:developer|debug|admin|god|maintenance) mode\b/, /\bjailbreak/, /\bclassif(?:y|ied) (?:this|it|as)\b/, /\bprompt\b/, /```/, /\blanguage model\b/, /\bbase64\b/, /\b[a-z0-9+/]{60,}={0,2}\b/,
];

const selfInflicted = /\b(?:i|we|my (?:son|daughter|child|dog|cat|husband|wife|kid)) (?:accidentally )?(?:dropped|broke|spilled|damaged|washed|tore|scratched|lost|wore|used it|have used|sat on)\b|\bworn (?:it|once|twice|a few)|\bused it (?:for|once|twice|a few)|\bafter (?:washing|wearing|using it)|\bwashed it\b/;
const neverArrived = /\bnever (?:arrived|came|turned up|got (?:it|here)|received)|\b(?:have|has|had|did|was)(?: no|n')t (?:yet )?(?:arrived?|received?|been delivered|delivered)|\bnot (?:yet )?(?:arrived|received|delivered)/;

export interface Signals {
  readonly reasons: Readonly<Record<ReasonCategory, number>>;
  readonly reason: ReasonCategory;
  /** Probability-like, 0 … 1. */
  readonly injection: number;
  readonly selfInflicted: boolean;
  readonly neverArrived: boolean;
  readonly empty: boolean;
}

const plain = (text: string): string => text.toLowerCase().replaceAll('’', "'").replaceAll('_', ' ');

/** What patterns find in a text and the source's own reason. */
export function signalsOf(text: string, sourceReason = ''): Signals {
  const all = `${plain(sourceReason)} . ${plain(text)}`;
  const hits = Object.fromEntries(reasonCategories.map((name) => [name, 0])) as Record<ReasonCategory, number>;
  for (const [name, patterns] of Object.entries(reasonPatterns)) {
    hits[name as ReasonCategory] = patterns.filter((pattern) => pattern.test(all)).length;
  }
  hits.other = 0.35;
  const total = Object.values(hits).reduce((sum, count) => sum + count * count, 0);
  const reasons = Object.fromEntries(reasonCategories.map((name) => [name, hits[name] ** 2 / total])) as Record<ReasonCategory, number>;
  const reason = reasonCategories.reduce((best, name) => (reasons[name] > reasons[best] ? name : best), 'other');
  const attacks = injectionPatterns.filter((pattern) => pattern.test(all)).length;
  return {
    reasons,
    reason,
    injection: attacks === 0 ? 0.01 : 1 - 0.3 ** attacks,
    selfInflicted: selfInflicted.test(all),
    neverArrived: neverArrived.test(all),
    empty: !/\p{L}{2}/u.test(text) && !/\p{L}{2}/u.test(sourceReason),
  };
}
