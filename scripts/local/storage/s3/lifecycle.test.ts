import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expireObjects } from './lifecycle.ts';
import { openObjectStorage } from './object-storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-objects-'));
let storage = openObjectStorage(folder);
const { buckets } = storage;
afterAll(() => {
  storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (bucket: string, key: string, body: Buffer, tags = {}) => {
  const writer = storage.bodies.writer();
  writer.write(body);
  return storage.objects.commit({ bucket, key, size: body.length, eTag: `"${createHash('md5').update(body).digest('hex')}"`, event: 'ObjectCreated:Put', headers: {}, tags }, writer.done());
};
const keys = (bucket: string) => [...storage.objects.list(bucket, '', '')].map((one) => one.key);
const later = (days: number) => Date.now() + days * 86_400_000;

test('expires by prefix, tag and size; a rule that is off does nothing', () => {
  buckets.create('expiring');
  for (const key of ['tmp/a', 'tmp/b', 'kept/a']) put('expiring', key, Buffer.from('x'));
  put('expiring', 'kept/tagged', Buffer.from('x'), { old: 'yes' });
  put('expiring', 'kept/large', Buffer.alloc(2000));
  buckets.putSetting('expiring', 'lifecycle', `<LifecycleConfiguration>
    <Rule><ID>1</ID><Status>Enabled</Status><Filter><Prefix>tmp/</Prefix></Filter><Expiration><Days>1</Days></Expiration></Rule>
    <Rule><ID>2</ID><Status>Enabled</Status><Filter><Tag><Key>old</Key><Value>yes</Value></Tag></Filter><Expiration><Days>1</Days></Expiration></Rule>
    <Rule><ID>3</ID><Status>Enabled</Status><Filter><ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan></Filter><Expiration><Days>30</Days></Expiration></Rule>
    <Rule><ID>4</ID><Status>Disabled</Status><Filter><Prefix></Prefix></Filter><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>`);
  expect(expireObjects(storage, later(0))).toBe(0);
  expect(expireObjects(storage, later(2))).toBe(3);
  expect(keys('expiring')).toEqual(['kept/a', 'kept/large']);
  expect(expireObjects(storage, later(40))).toBe(1);
});

test('in a versioned bucket it marks first, and drops old versions by their own rule', () => {
  buckets.create('versioned');
  buckets.putSetting('versioned', 'versioning', '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
  put('versioned', 'k', Buffer.from('1'));
  buckets.putSetting('versioned', 'lifecycle', '<LifecycleConfiguration><Rule><Status>Enabled</Status><Prefix></Prefix><Expiration><Days>1</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>10</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>');
  expireObjects(storage, later(2));
  expect([...storage.objects.versions('versioned', '', '')].map((one) => one.marker)).toEqual([true, false]);
  expireObjects(storage, later(12));
  expect([...storage.objects.versions('versioned', '', '')].map((one) => one.marker)).toEqual([true]);
});

test('large bodies are files, gone with their object or, ownerless, with the next start', () => {
  const files = () => readdirSync(join(folder, 'bodies')).length;
  buckets.create('large');
  put('large', 'k', Buffer.alloc(100_000));
  expect(files()).toBe(1);
  put('large', 'k', Buffer.alloc(200_000));
  expect(files()).toBe(1);
  storage.bodies.writer(true).done(); // what a kill leaves behind
  expect(files()).toBe(2);
  storage.close();
  storage = openObjectStorage(folder);
  expect(files()).toBe(1);
  storage.objects.remove('large', 'k');
  expect(files()).toBe(0);
});
