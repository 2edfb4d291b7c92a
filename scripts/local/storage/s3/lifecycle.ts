import type { ObjectStorage } from './object-storage.ts';
import { elements, elementText, malformedXml, tagSet } from './s3-request.ts';

/** The parts of a lifecycle rule that take effect here: expiry. Storage classes are told, and cost nothing. */
export interface LifecycleRule {
  readonly enabled: boolean;
  readonly prefix: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly largerThan: number;
  readonly smallerThan: number;
  readonly days?: number;
  /** Epoch milliseconds. */
  readonly date?: number;
  readonly noncurrentDays?: number;
  readonly abortUploadsAfterDays?: number;
}

const DAY_MS = 86_400_000;

/** @throws AwsError MalformedXML */
export function readLifecycle(body: string): LifecycleRule[] {
  const rules = elements(body, 'Rule');
  if (rules.length === 0 || rules.length > 1000) throw malformedXml();
  return rules.map((rule) => {
    const status = elementText(rule, 'Status');
    if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
    const number = (within: string, name: string): number | undefined => {
      const part = elements(rule, within)[0];
      const text = part === undefined ? undefined : elementText(part, name);
      if (text === undefined) return undefined;
      if (!/^[1-9]\d*$/.test(text)) throw malformedXml();
      return Number(text);
    };
    const [days, noncurrentDays, abortUploadsAfterDays] = [number('Expiration', 'Days'), number('NoncurrentVersionExpiration', 'NoncurrentDays'), number('AbortIncompleteMultipartUpload', 'DaysAfterInitiation')];
    const date = Date.parse(elementText(elements(rule, 'Expiration')[0] ?? '', 'Date') ?? '');
    return {
      enabled: status === 'Enabled', prefix: elementText(rule, 'Prefix') ?? '', tags: tagSet(rule),
      largerThan: Number(elementText(rule, 'ObjectSizeGreaterThan') ?? -1), smallerThan: Number(elementText(rule, 'ObjectSizeLessThan') ?? Number.POSITIVE_INFINITY),
      ...(days !== undefined && { days }), ...(noncurrentDays !== undefined && { noncurrentDays }), ...(abortUploadsAfterDays !== undefined && { abortUploadsAfterDays }), ...(!Number.isNaN(date) && { date }),
    };
  });
}

/** Removes what the rules of all buckets have expired; answers how many objects. AWS rounds a day up to the next midnight UTC. */
export function expireObjects({ buckets, objects, uploads }: ObjectStorage, now: number = Date.now()): number {
  let removed = 0;
  const past = (from: number, days: number): boolean => Math.ceil((from + days * DAY_MS) / DAY_MS) * DAY_MS <= now;
  for (const { name: bucket } of buckets.all()) {
    const setting = buckets.setting(bucket, 'lifecycle');
    if (setting === undefined) continue;
    for (const rule of readLifecycle(setting).filter((one) => one.enabled)) {
      const { days, date, noncurrentDays, abortUploadsAfterDays } = rule;
      for (const object of [...objects.versions(bucket, rule.prefix, '')]) {
        const covered = object.size > rule.largerThan && object.size < rule.smallerThan && rule.tags.every(([key, value]) => object.tags[key] === value);
        if (!covered) continue;
        if (object.latest && !object.marker && ((days !== undefined && past(object.modifiedAt, days)) || (date !== undefined && date <= now))) objects.remove(bucket, object.key);
        else if (!object.latest && noncurrentDays !== undefined && past(object.modifiedAt, noncurrentDays)) objects.remove(bucket, object.key, object.version);
        else continue;
        removed += 1;
      }
      if (abortUploadsAfterDays === undefined) continue;
      for (const upload of uploads.all(bucket)) if (upload.key.startsWith(rule.prefix) && past(upload.at, abortUploadsAfterDays)) uploads.abort(upload);
    }
  }
  return removed;
}
