import { AwsError } from '../../service.ts';

/** First and last byte that a `Range: bytes=…` header asks for, within `size` bytes; the whole without one. RFC 9110, 14.1.2 */
export function rangeIn(header: string | undefined, size: number): { readonly from: number; readonly to: number; readonly partial: boolean } {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (match[1] === '' && match[2] === '')) return { from: 0, to: size - 1, partial: false };
  const from = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (from > to) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, { RangeRequested: header ?? '', ActualObjectSize: size });
  return { from, to, partial: true };
}
