declare module 'asl-validator' {
  /** https://github.com/ChristopheBougere/asl-validator#in-your-code */
  export default function validate(definition: unknown): { isValid: boolean; errorsText(separator: string): string };
}
