/** A logit that is no finite number: a broken network, whose answer nobody may see. */
export class NotFinite extends Error {
  constructor() {
    super('the model answered with a number that is none');
    this.name = 'NotFinite';
  }
}

/** A request of more text than is read at once. */
export class TooMuchText extends Error {
  constructor(mostWindows: number) {
    super(`the texts of a request fill at most ${mostWindows} windows`);
    this.name = 'TooMuchText';
  }
}
