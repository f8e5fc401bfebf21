import { expect, test } from 'bun:test'
import { describeDevice } from './device.ts'

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0', 'Firefox on Windows'],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${WEBKIT} Version/18.0 Mobile/15E148 Safari/604.1`, 'Safari on iOS'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome on Linux'],
])('%s is %s', (user_agent, device) => {
  expect(describeDevice(user_agent)).toBe(device)
})

test('a missing or strange header is no device, and a long one is cut', () => {
  for (const user_agent of [undefined, '', 'curl/8.1', '<script>', 'x'.repeat(10_000), '\u0000', '('.repeat(10_000)])
    expect(describeDevice(user_agent)).toBe(null)
})
