/** What a stage with a fleet must say; `none` is what serverless.yml has for those that it cannot know. */
const names = ['vpcId', 'publicSubnets', 'privateSubnets', 'certificateArn', 'publicUrl'] as const;

export type Needed = Readonly<Record<(typeof names)[number], string>>;

/**
 * The parameters without which there is no fleet.
 * @param read the value of one parameter
 * @throws Error naming every one that is missing or cannot be
 */
export async function needed(read: (name: string) => Promise<unknown>): Promise<Needed> {
  const values = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await read(name))]))) as Needed;
  const wrong = names.filter((name) => values[name] === 'none').map((name) => `${name} is missing`);
  for (const name of ['publicSubnets', 'privateSubnets'] as const) {
    if (values[name] !== 'none' && new Set(values[name].split(',')).size < 2) wrong.push(`${name} must name two subnets of different zones at least, with a comma between them`);
  }
  if (values.publicUrl !== 'none' && !/^https:\/\/[^/\s]+$/.test(values.publicUrl)) wrong.push('publicUrl must be an https address without a path or a slash at its end');
  if (wrong.length > 0) throw new Error(`fleet: ec2 needs more: ${wrong.join('; ')}. See services/ingest/README.md, "Fleet"`);
  return values;
}
