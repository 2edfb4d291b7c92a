/** Code that keeps something true, and how to build the product without it. */
export interface Guard {
  readonly id: string;
  /** Fault that must turn red without it. */
  readonly fault: string;
  /** Source file, from the root of the repository. */
  readonly file: string;
  /** Text that must stand in it exactly once … */
  readonly find: string;
  /** … and what stands there in the build without the guard. */
  readonly replace: string;
  /** Functions that hold it, `<service>/<function>`; or the producer. */
  readonly in: readonly string[] | 'producer';
}
