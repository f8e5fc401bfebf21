/** Formats numbers, money and times. */
const numbers = new Intl.NumberFormat('en-US')
const days = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' })
const moments = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' })

/** `10,000+` for a lower bound. */
export function count(total: number, is_lower_bound = false): string {
  return numbers.format(total) + (is_lower_bound ? '+' : '')
}

/** `1 listing`, `6,105 listings`. */
export function listings(total: number, is_lower_bound = false): string {
  return `${count(total, is_lower_bound)} ${total === 1 ? 'listing' : 'listings'}`
}

/** `1 item`, `3 items`. */
export function items(total: number): string {
  return `${count(total)} ${total === 1 ? 'item' : 'items'}`
}

/** `1 shop`, `3 shops`. */
export function shops(total: number): string {
  return `${count(total)} ${total === 1 ? 'shop' : 'shops'}`
}

/** `Nov 30, 2026`: of a time in the zone of the browser, or of a date. */
export function day(time: string): string {
  return days.format(new Date(time.length === 10 ? `${time}T12:00` : time))
}

/** `Dec 3 – 7, 2026`: from a date to another. */
export function period({ from, to }: { from: string; to: string }): string {
  return days.formatRange(new Date(`${from}T12:00`), new Date(`${to}T12:00`))
}

/** `Nov 30, 2026, 9:30 AM` in the zone of the browser. */
export function moment(time: string): string {
  return moments.format(new Date(time))
}

/** A decimal string in dollars: `$1,250.00`. */
export function dollars(amount: string): string {
  const [whole = '0', cents] = amount.split('.')
  return `$${count(Number(whole))}${cents === undefined ? '' : `.${cents}`}`
}

/**
 * Formats a price filter, both ends inclusive: an end of 24.99 is "under $25". Returns invalid amounts unchanged; the API reports
 * them.
 */
export function priceRange(price_min: string | undefined, price_max: string | undefined): string {
  const is_below = /^\d{1,8}\.99$/.test(price_max ?? '')
  const top = is_below ? `$${count(Math.ceil(Number(price_max)))}` : roundDollars(price_max ?? '')
  if (price_min && price_max) return `${roundDollars(price_min)} to ${top}`
  if (price_max) return `${is_below ? 'Under' : 'Up to'} ${top}`
  return `${roundDollars(price_min ?? '')} and over`
}

/** Omits the cents if they are zero. */
function roundDollars(amount: string): string {
  return /^\d{1,8}(\.\d{1,2})?$/.test(amount) ? dollars(amount.replace(/\.0+$/, '')) : amount
}
