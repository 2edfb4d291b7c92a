import { ofAlpha3 } from './country-alpha3.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
let codeByName: ReadonlyMap<string, string> | undefined;

/** English names of regions as Unicode CLDR has them, lower case → ISO 3166-1 alpha-2. */
function names(): ReadonlyMap<string, string> {
  const display = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const byName = new Map<string, string>();
  for (const first of letters) {
    for (const second of letters) {
      const name = display.of(`${first}${second}`);
      // EU, UN and the like are exceptional reservations, XA and up are private use: no countries; DD is a code of the past
      const exceptional = /^(EU|EZ|UN|QO|ZZ|X[A-JL-Z])$/.test(first + second);
      const past = new Intl.Locale(`und-${first}${second}`).region !== first + second;
      if (name !== undefined && !exceptional && !past && !byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), first + second);
    }
  }
  return byName;
}

/** A country's code of two or three letters, or its English name → ISO 3166-1 alpha-2; undefined when it is neither. */
export function countryCode(text: string): string | undefined {
  codeByName ??= names();
  const trimmed = text.trim();
  if (/^[A-Za-z]{2}$/.test(trimmed)) return trimmed.toUpperCase();
  return codeByName.get(trimmed.toLowerCase()) ?? ofAlpha3(trimmed);
}
