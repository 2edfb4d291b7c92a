/**
 * Marks of text that speaks to a machine instead of to a shop: the second line behind what the model has learned. Kept
 * wide: a hit only means that a person looks.
 */
const marks: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:rules?|instructions?|polic(?:y|ies)|prompt|above|previous|prior|checks?|guidelines?)\b/,
  /\b(?:you are|act as|pretend|behave as|roleplay)\b.{0,30}\b(?:now|an?|the)?\s*\b(?:ai|assistant|model|bot|system|admin|manager|dan)\b/,
  /\b(?:system|assistant|user|developer)\s*:/, /<\/?(?:system|instructions?|prompt|s|im_start|im_end)[^>]*>|<\|/, /\[\/?inst\]/, /\[(?:system|admin)\]/,
  /["']?(?:decision|sentiment|outcome|approve[d]?|label|result|injection|score|class(?:ification)?)["']?\s*[:=]/, /\b(?:output|print|return|respond with|answer with|reply with|say)\b.{0,20}\b(?:approved?|good|true|json|yes)\b/,
  /\b(?:auto|pre|already|been)[ -]?approved?\b/, /\b(?:must|should|please|just|always) (?:be )?approved?\b/, /\bapprove (?:this|the|my|all|it|every)\b/, /\bnew instructions?\b/, /\b(?:developer|debug|admin|god|maintenance) mode\b/, /\bjailbreak/, /\bclassif(?:y|ied) (?:this|it|as)\b/, /\bprompt\b/, /```/, /\blanguage model\b/, /\bbase64\b/, /\b[a-z0-9+/]{60,}={0,2}\b/,
];

const plain = (text: string): string => text.toLowerCase().replaceAll('’', "'").replaceAll('_', ' ');

/** Whether a mark stands in the source's reason or the text, both cleaned. */
export function attackMarked(reason: string, text: string): boolean {
  const all = `${plain(reason)} . ${plain(text)}`;
  return marks.some((mark) => mark.test(all));
}
