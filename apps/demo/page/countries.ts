/** The countries: their names, and where the visitor wants things sent. */
import { html } from './build.ts'

const KEY = 'country'
/** The countries of ISO 3166-1, which are those of the API. A test compares the list with the package iso-3166. */
const CODES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD ' +
  'CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF ' +
  'GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN ' +
  'KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA ' +
  'NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI ' +
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI ' +
  'VN VU WF WS YE YT ZA ZM ZW'

export const COUNTRY_CODES: readonly string[] = CODES.split(' ')

const names = new Intl.DisplayNames('en', { type: 'region' })

/** Returns the English name of a country. Old orders have countries of free text, which stay as they are. */
export function countryName(code: string): string {
  return COUNTRY_CODES.includes(code) ? (names.of(code) ?? code) : code
}

/** Returns where the visitor wants things sent: the last choice, else the country of the browser's language. */
export function readCountry(): string {
  try {
    const kept = localStorage.getItem(KEY) ?? ''
    return COUNTRY_CODES.includes(kept) ? kept : likelyCountry()
  } catch {
    return likelyCountry()
  }
}

/** Keeps the choice for the next listing and the cart. A browser that forbids storage forgets it. */
export function storeCountry(code: string): void {
  try {
    localStorage.setItem(KEY, code)
  } catch {}
}

/** Makes the choice of a country, by name. */
export function countrySelect(chosen: string, attributes: Record<string, string>): HTMLSelectElement {
  const options = COUNTRY_CODES.map((code) => ({ code, name: countryName(code) }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
    .map(({ code, name }) => html('option', { value: code, selected: code === chosen }, name))
  return html('select', attributes, ...options)
}

/** Returns the country of the browser's language, or the United States. */
function likelyCountry(): string {
  const { region } = new Intl.Locale(navigator.language).maximize()
  return region && COUNTRY_CODES.includes(region) ? region : 'US'
}
