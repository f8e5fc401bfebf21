import { expect, test } from 'bun:test'
import { clientAddress } from './client_address.ts'

test.each([
  ['203.0.113.1', undefined, 0, '203.0.113.1'],
  ['203.0.113.1', '198.51.100.7', 0, '203.0.113.1'],
  ['10.0.0.1', '198.51.100.7', 1, '198.51.100.7'],
  ['10.0.0.1', '1.1.1.1, 198.51.100.7', 1, '198.51.100.7'],
  ['10.0.0.1', '1.1.1.1, 198.51.100.7, 10.0.0.2', 2, '198.51.100.7'],
  ['10.0.0.1', 'nonsense', 1, '10.0.0.1'],
  ['10.0.0.1', undefined, 1, '10.0.0.1'],
  ['::ffff:203.0.113.1', undefined, 0, '203.0.113.1'],
  ['2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', undefined, 0, '2001:db8:1:2::/64'],
  ['2001:db8::1', undefined, 0, '2001:db8:0:0::/64'],
  ['::1', undefined, 0, '0:0:0:0::/64'],
  [undefined, undefined, 0, ''],
])('%p with X-Forwarded-For %p behind %p proxies is %p', (peer, header, proxies, address) => {
  expect(clientAddress(peer, header, proxies)).toBe(address)
})
