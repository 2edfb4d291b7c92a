/** What came of one fault. */
export interface Result {
  readonly number: string;
  readonly title: string;
  readonly result: 'green' | 'red' | 'not yet';
  readonly guards: readonly string[];
  readonly seconds: number;
  /** What was not true, what the fault has to say besides, or with what a missing part comes. */
  readonly detail: string;
}
