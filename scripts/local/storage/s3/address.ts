import { AwsError } from '../../service.ts';

/** Hosts that carry the bucket's name in front: `bucket.s3.eu-west-1.amazonaws.com`, `bucket.localhost:4566`. */
const VIRTUAL_HOST = /^(.+)\.(?:s3[.-](?:[\w-]+\.)?amazonaws\.com|localhost)(?::\d+)?$/;

/** Bucket and key of a request, in the path or in the host's name. */
export function addressOf(host: string | undefined, pathname: string): { readonly bucket: string; readonly key: string } {
  const named = VIRTUAL_HOST.exec(host ?? '')?.[1];
  const [, ...parts] = pathname.split('/');
  try {
    const bucket = named ?? decodeURIComponent(parts.shift() ?? '');
    return { bucket, key: decodeURIComponent(parts.join('/')) };
  } catch {
    throw new AwsError('InvalidURI', 'Couldn\'t parse the specified URI.');
  }
}

/** A presigned URL is good for the seconds that it names. @throws AwsError AccessDenied */
export function checkPresigned(query: URLSearchParams, now: number): void {
  const [date, seconds] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  if (date === null || seconds === null) return;
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(at) || !(Number(seconds) >= 0 && Number(seconds) <= 604_800)) throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds');
  const end = at + Number(seconds) * 1000;
  if (now > end) throw new AwsError('AccessDenied', 'Request has expired', 403, { 'X-Amz-Expires': seconds, Expires: new Date(end).toISOString(), ServerTime: new Date(now).toISOString() });
}
