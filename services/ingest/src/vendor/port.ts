/** What a vendor's API answered. */
export type VendorAnswer =
  | { readonly status: 'ok'; readonly body: Uint8Array }
  /** There is no such thing (yet). */
  | { readonly status: 'absent' }
  /** Not before so many seconds have passed. */
  | { readonly status: 'wait'; readonly seconds: number }
  /** Asking again changes nothing: `credential`, `host`, `address`, `redirect`, `too-large`, or `http-<status>`. */
  | { readonly status: 'refused'; readonly code: string };

/** The APIs of vendors, asked on behalf of a configured account. */
export interface VendorPort {
  /**
   * Asks for path and query below the source's pinned host.
   * @throws VendorUnreachable when no answer came that means anything: ask again later
   */
  get(source: string, account: string, path: string): Promise<VendorAnswer>;
}

/** The vendor did not answer, or answered that it is in trouble: retry. */
export class VendorUnreachable extends Error {
  /** Why, as a word for a log: `http-502`, `ECONNRESET`, `TimeoutError`. */
  readonly code: string;
  constructor(source: string, code: string) {
    super(`the API of ${source} gave no usable answer (${code}); ask again later`);
    this.name = 'VendorUnreachable';
    this.code = code;
  }
}
