import { expect, test } from 'bun:test'
import { expectProblem } from '../../../test/support/api.ts'
import { openApi } from '../../../test/support/client.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { spawnApi, startServer } from '../../../test/support/server.ts'
import { renderSecurityTxt } from './security_txt.ts'

test('has the contact and its expiry', () => {
  const text = renderSecurityTxt('mailto:security@market.example', 'https://market.example', new Date('2026-11-29T13:14:15Z'))
  expect(text).toBe(
    'Contact: mailto:security@market.example\nExpires: 2027-05-28T00:00:00Z\nPreferred-Languages: en\n' +
      'Canonical: https://market.example/.well-known/security.txt\n',
  )
  expect(renderSecurityTxt('https://market.example/security', undefined, new Date())).not.toContain('Canonical')
})

test('is plain text if SECURITY_CONTACT is set, and 404 otherwise', async () => {
  const shared = await startServer()
  expectProblem(await shared.api('GET', '/.well-known/security.txt'), 404, 'not_found')
  const database = await openTestDatabase()
  const server = await spawnApi({ DATABASE_URL: database.url, SECURITY_CONTACT: 'mailto:security@market.example' }, 'api')
  try {
    const { status, headers, text } = await openApi(server.url)('GET', '/.well-known/security.txt')
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'text/plain; charset=utf-8' })
    expect(text).toStartWith('Contact: mailto:security@market.example\nExpires: ')
    const left_ms = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? '') - Date.now()
    expect(left_ms).toBeGreaterThan(0)
    expect(left_ms).toBeLessThan(365 * 24 * 60 * 60 * 1000)
  } finally {
    await server.stop()
    await database.close()
  }
})
