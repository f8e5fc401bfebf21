import { isIP } from 'node:net'

/**
 * Returns the caller's address: that of the peer, or the entry in X-Forwarded-For of the outermost of `trusted_proxies` proxies.
 * Each proxy appends the address that it saw. Entries further left come from the caller and do not count.
 */
export function clientAddress(peer: string | undefined, forwarded_for: string | undefined, trusted_proxies: number): string {
  if (trusted_proxies === 0) return networkOf(peer ?? '')
  const entries = forwarded_for?.split(',').map((entry) => entry.trim()) ?? []
  const said = withoutPort(entries[Math.max(0, entries.length - trusted_proxies)] ?? '')
  return networkOf(isIP(said) ? said : (peer ?? ''))
}

/** Some proxies add the port: `203.0.113.1:5555`, `[2001:db8::1]:80`. Brackets can come without a port. */
function withoutPort(entry: string): string {
  const [, v6, v4] = /^(?:\[([0-9a-f:.]+)\](?::\d{1,5})?|([0-9.]+):\d{1,5})$/i.exec(entry) ?? []
  return v6 ?? v4 ?? entry
}

/**
 * Returns an IPv6 address as its /64, the smallest network that a customer gets. Limits for single addresses would be useless.
 */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
