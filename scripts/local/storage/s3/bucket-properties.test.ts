import { bucketSettings } from './bucket-properties.ts';
import { readLifecycle } from './lifecycle.ts';

test('a template\'s rules are S3\'s', () => {
  const settings = bucketSettings({
    BucketName: 'archive',
    LifecycleConfiguration: { Rules: [
      { Id: 'cold', Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }], ExpirationInDays: 400 },
      { Id: 'checkpoints', Status: 'Enabled', Prefix: 'checkpoints/', TagFilters: [{ Key: 'a', Value: 'b' }], ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 3 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ] },
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    Tags: [{ Key: 'a', Value: '<b>' }],
  });
  expect(Object.keys(settings).sort()).toEqual(['encryption', 'lifecycle', 'tagging']);
  expect(readLifecycle(settings['lifecycle']!)).toMatchObject([
    { enabled: true, prefix: '', days: 400 }, { prefix: 'checkpoints/', tags: [['a', 'b']], days: 30, noncurrentDays: 3, abortUploadsAfterDays: 7 },
  ]);
  expect(settings['lifecycle']).toContain('<Transition><Days>30</Days><StorageClass>GLACIER_IR</StorageClass></Transition>');
  expect(settings['encryption']).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
});

test('what would have no effect is refused', () => {
  expect(() => bucketSettings({ WebsiteConfiguration: { IndexDocument: 'index.html' } })).toThrow('WebsiteConfiguration');
});
