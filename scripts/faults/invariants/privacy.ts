import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executions, logged, mails, type Machine } from '../world/look.ts';
import type { World } from '../world/world.ts';

/** I10: nothing of a customer and no secret stands in logs, notices to staff, or names of executions. */
export async function nothingPersonal(world: World): Promise<string[]> {
  const texts = [
    ...(await logged(world)).map(({ group, message }) => ({ where: `log of ${group}`, text: message })),
    ...(await mails(world)).filter(({ via }) => via === 'sns').map(({ text, subject }) => ({ where: 'a staff notice', text: `${subject}\n${text}` })),
  ];
  for (const machine of ['process-order', 'process-update', 'process-return'] satisfies Machine[]) {
    texts.push({ where: `names of ${machine}`, text: (await executions(world, machine)).map(({ name }) => name).join('\n') });
  }
  const producer = join(world.place.dataDir, 'logs/producer.log');
  if (existsSync(producer)) texts.push({ where: 'log of the producer', text: readFileSync(producer, 'utf8') });
  const found = new Set<string>();
  for (const { where, text } of texts) for (const secret of world.secrets) if (text.includes(secret)) found.add(`I10: ${where} tells ${secret}`);
  return [...found];
}
