/** Units of each currency for one US dollar (rough rates, the demo's own), and digits after its point (ISO 4217). */
const currencies: Readonly<Record<string, readonly [perDollar: number, digits: number]>> = {
  USD: [1, 2], EUR: [0.9, 2], GBP: [0.78, 2], CHF: [0.88, 2], SEK: [10.5, 2], NOK: [10.7, 2], DKK: [6.8, 2], PLN: [3.9, 2], CZK: [23, 2], HUF: [360, 2],
  CAD: [1.37, 2], AUD: [1.52, 2], NZD: [1.65, 2], JPY: [150, 0], KRW: [1_350, 0], CNY: [7.2, 2], HKD: [7.8, 2], TWD: [32, 2], SGD: [1.34, 2], MYR: [4.6, 2],
  THB: [35, 2], PHP: [57, 2], IDR: [15_800, 2], VND: [25_000, 0], INR: [84, 2], BRL: [5.4, 2], MXN: [18, 2], CLP: [930, 0], COP: [4_100, 2], ARS: [950, 2],
  ZAR: [18.2, 2], KES: [129, 2], NGN: [1_500, 2], AED: [3.67, 2], SAR: [3.75, 2], ILS: [3.7, 2], TRY: [34, 2], KWD: [0.31, 3], BHD: [0.38, 3], JOD: [0.71, 3], TND: [3.1, 3],
};

function known(currency: string): readonly [number, number] {
  const found = currencies[currency];
  if (!found) throw new Error(`scripts/demo/currencies.ts knows no ${currency}`);
  return found;
}

/** Two where it is not known. */
export const digitsOf = (currency: string): number => currencies[currency]?.[1] ?? 2;

/** US cents → minor units of a currency. */
export function minorOf(cents: number, currency: string): number {
  const [perDollar, digits] = known(currency);
  return Math.round((cents * perDollar * 10 ** digits) / 100);
}
