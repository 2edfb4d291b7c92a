import { code } from 'currency-codes';

/** Digits of a currency's minor unit (ISO 4217): EUR 2, JPY 0, KWD 3; 2 where it is unknown. */
export const minorDigits = (currency: string): number => code(currency)?.digits ?? 2;
