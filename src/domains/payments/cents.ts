/** Converts a decimal string such as "24.50" to cents, without floating-point numbers. */
export function centsOf(amount: string): number {
  const parts = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(amount)
  if (!parts) throw new RangeError(`${amount} is no amount of US dollars`)
  return Number(`${parts[1]}${(parts[2] ?? '').padEnd(2, '0')}`)
}

/** Converts cents to a decimal string with two decimals. */
export function dollarsOf(cents: number): string {
  const digits = String(cents).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
