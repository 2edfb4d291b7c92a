/** Secrets, for the deployer in this process. */
export interface SecretStore {
  /** Creates the secret unless it exists. */
  ensure(name: string, value: string): void;
  value(name: string): string | undefined;
  remove(name: string): void;
}
