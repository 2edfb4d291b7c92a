import { ACCOUNT, type Principal } from './judge.ts';

const PREFIX = 'assumed:';

/** An access key that says itself what it stands for: nothing has to be kept for it. @param expires epoch seconds */
export const assumedKey = (roleArn: string, session: string, expires: number): string => `${PREFIX}${roleArn.slice(roleArn.indexOf(':role/') + 6).replaceAll('/', '!')}:${session}:${expires}`;

/** Whose key it is, undefined for any other kind of key. */
export function principalOfAssumed(accessKeyId: string, now: () => number = Date.now): Principal | 'expired' | undefined {
  if (!accessKeyId.startsWith(PREFIX)) return undefined;
  const [role = '', session = '', expires = ''] = accessKeyId.slice(PREFIX.length).split(':');
  return Number(expires) * 1000 < now() ? 'expired' : { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role.replaceAll('!', '/')}`, session };
}
