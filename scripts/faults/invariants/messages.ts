import { mails } from '../world/look.ts';
import type { World } from '../world/world.ts';

/** I5: one e-mail and one staff notice for each order and transition. Every customer here has one order; digests of alerts may come again. */
export async function messagesOnce(world: World): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const { via, to, subject, text } of await mails(world)) {
    if (via === 'sns' && !/^Order: /m.test(text)) continue;
    const name = via === 'sns' ? `notice ${subject} ${/^Order: .*$/m.exec(text)?.[0] ?? ''} to ${to.join()}` : `mail ${subject} to ${to.join()}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, n]) => n > 1).map(([name, n]) => `I5: ${n} times ${name}`);
}
