import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { localSecret } from '../../../services/ingest/src/accounts/local-secrets.ts';
import { mustBe, type Fault } from '../fault.ts';
import { figure } from '../world/look.ts';
import { signatureOf } from '../world/post.ts';
import type { Scene, Told } from '../world/scene.ts';

const refused = async (scene: Scene, told: Told, what: string): Promise<void> => mustBe((await scene.send({ ...told, says: [] })).status, 401, what);

const shop2 = async (scene: Scene, secret: string): Promise<number> =>
  (await scene.send(scene.created(scene.sale({ channel: { source: 'canonical', account: 'shop2' } }), { secret }))).status;

/** Who sent it, and when. */
export const signatures: readonly Fault[] = [
  {
    number: '4', title: 'a wrong signature, or one over JSON written anew, is 401 and stores nothing', guards: ['signature'], quick: true,
    async run(scene) {
      const forged = scene.created(scene.sale());
      await refused(scene, { ...forged, letter: { ...forged.letter, secret: 'not-the-secret' } }, 'a wrong key');
      const { letter } = scene.created(scene.sale());
      const anew = JSON.stringify(JSON.parse(String(letter.body)), undefined, 1);
      await refused(scene, { says: [], letter: { ...letter, body: anew, signature: signatureOf(letter) } }, 'a signature over other bytes');
      await refused(scene, { says: [], letter: { ...letter, signature: {} } }, 'no signature');
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM orders WHERE order_key LIKE 'canonical:default:${scene.prefix}-%'`), 0, 'orders of a forger');
    },
  },
  {
    number: '5', title: 'a time stamp 301 s off is 401, 299 s off is accepted', guards: ['freshness'], quick: true,
    async run(scene) {
      const off = (seconds: number): Told => {
        const told = scene.created(scene.sale());
        return { ...told, letter: { ...told.letter, seconds: Math.floor(Date.now() / 1000) + seconds } };
      };
      // a second of slack for the way; the limits themselves are in verify.test.ts
      for (const seconds of [-302, 303]) await refused(scene, off(seconds), `${seconds} s`);
      for (const seconds of [-298, 299]) await scene.take(off(seconds));
      await scene.quiet();
    },
  },
  {
    number: '6', title: 'valid on receipt and ten minutes in the queue: processed', guards: ['late-is-processed'],
    async run(scene) {
      const sale = scene.sale();
      scene.ends(sale, { payment: 'PAID' });
      await scene.rules({ id: 'later', function: '*', fault: { kind: 'skew', ms: 600_000 } });
      await scene.take(scene.created(sale));
      await scene.quiet();
      mustBe(await figure(scene.world, `SELECT COUNT(*) FROM orders WHERE order_key = '${scene.key(sale)}'`), 1, 'orders loaded');
    },
  },
  {
    number: '7', title: 'during a rotation both keys are accepted, afterwards the old one is refused', guards: ['rotation', 'key-looked-up'],
    async run(scene) {
      const { world } = scene;
      const old = localSecret('canonical', 'shop2');
      const fresh = `${old}-2`;
      world.secrets.add(fresh);
      const put = (text: string) =>
        world.stage.secrets.send(new PutSecretValueCommand({ SecretId: 'orderflow/local/sources/canonical/shop2', SecretString: text }));
      // a signature that does not fit makes the producer look again, at most every few seconds; nothing is restarted
      const taken = (secret: string) => scene.until('the key being accepted', async () => (await shop2(scene, secret)) === 200);
      try {
        await put(JSON.stringify([fresh, old]));
        await taken(fresh);
        mustBe([await shop2(scene, fresh), await shop2(scene, old), await shop2(scene, 'neither')], [200, 200, 401], 'answers during the rotation');
        await put(fresh);
        await scene.until('the old key being refused', async () => (await shop2(scene, 'neither')) === 401 && (await shop2(scene, old)) === 401);
        mustBe(await shop2(scene, fresh), 200, 'answer to the new key after the rotation');
      } finally {
        await put(old);
        await taken(old);
      }
      await scene.quiet();
    },
  },
];
