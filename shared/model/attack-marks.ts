/**
 * Marks of a text that speaks to a machine, whatever a model makes of it. Only what a customer has no reason to write:
 * a hit sends the request to a person even where the model sees nothing.
 */
const marks: readonly RegExp[] = [
  // control tokens and mark-up of prompts
  /<\||\|>|\[\/?inst\]|<\/?s>|<\/?(?:system|assistant|user|instructions?|prompt|start_of_turn|end_of_turn)\b/,
  /(?:^|[.!?;"'\]\n]\s*)(?:system|assistant|developer)(?: (?:message|prompt|note))?\s*:/,
  /```|\bbase64\b|[a-z0-9+/]{60,}={0,2}/,
  // the answer, dictated
  /["']?\b(?:decision|sentiment|injection|label|verdict|classification)\b["']?\s*[:=]/,
  /["']?\b(?:approved?|reject(?:ed)?|review|flagged)\b["']?\s*[:=]\s*(?:\d|true|false|yes)/,
  // orders about rules
  /\b(?:ignore|disregard|override|bypass)\b(?: \w+){0,4} (?:rules?|instructions?|polic(?:y|ies)|prompts?|guidelines?|checks?|facts|numbers)\b/,
  /\bforget\b(?: (?:all|any|the|your|previous|prior|every|everything|above|these|those))+ (?:rules?|instructions?|prompts?|guidelines?)\b/,
  /\b(?:new|updated|real|actual) instructions?\b\s*:/,
  /\byou are (?:now |really |actually )?(?:an? )?(?:ai|assistant|language model|bot|chatbot|llm)\b/,
  /\b(?:developer|debug|admin|god|maintenance|jailbreak) mode\b|\blanguage model\b|\bsystem prompt\b/,
  /\b(?:output|print|respond|answer|reply)(?: only)?(?: with)? ["']?(?:approved?|good|json|true)\b/,
  /\bclassif(?:y|ied) (?:this|it|me|as)\b/,
];

/** Whether a text carries a mark of an attack. Reads at most what a prompt would. */
export const bearsAttackMarks = (...texts: readonly (string | undefined)[]): boolean => {
  const plain = texts.map((text) => (text ?? '').toLowerCase().replaceAll('’', "'"));
  return plain.some((text) => marks.some((mark) => mark.test(text)));
};
