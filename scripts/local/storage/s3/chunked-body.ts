/**
 * Body of an `aws-chunked` upload without its framing. Each chunk is `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n`;
 * after the chunk of length 0 come trailers (the checksum).
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function unchunk(framed: Buffer): { readonly body: Buffer; readonly trailers: Readonly<Record<string, string>> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = framed.indexOf('\r\n', at);
    const length = Number.parseInt(framed.toString('latin1', at, line), 16);
    if (line < 0 || Number.isNaN(length)) throw new Error('malformed aws-chunked body');
    at = line + 2;
    if (length === 0) break;
    chunks.push(framed.subarray(at, at + length));
    at += length + 2;
  }
  const trailers: Record<string, string> = {};
  for (const line of framed.toString('latin1', at).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(chunks), trailers };
}
