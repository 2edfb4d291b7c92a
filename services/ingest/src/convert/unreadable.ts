/**
 * Something verified that cannot be read: it goes to quarantine with this code, the JSON path of the field at fault and
 * one line that says what is wrong, and never with the value itself.
 */
export class Unreadable extends Error {
  readonly code: string;
  readonly path: string;
  constructor(code: string, path: string, message: string) {
    super(message);
    this.name = 'Unreadable';
    this.code = code;
    this.path = path;
  }
}
