import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'

/** Runs a program that does not catch an error with this code, and would exit with 7. Returns its exit code. */
async function runUncaught(code: string, survives = true): Promise<number> {
  const program = `
    import { surviveLostConnections } from '${join(projectRoot, 'src/platform/db/lost_connections.ts')}'
    ${survives ? 'surviveLostConnections()' : ''}
    void Promise.reject(Object.assign(new Error('uncaught'), { code: '${code}' }))
    setTimeout(() => process.exit(7), 50)`
  const child = Bun.spawn([process.execPath, '-e', program], { stdio: ['ignore', 'ignore', 'ignore'] })
  return await child.exited
}

test('a lost connection without a waiting caller does not end the process', async () => {
  for (const code of ['CONNECTION_DESTROYED', 'CONNECTION_CLOSED', '57P01', 'ECONNRESET', '57014', '40001'])
    expect(await runUncaught(code)).toBe(7)
  expect(await runUncaught('CONNECTION_DESTROYED', false)).toBe(1)
})

test('any other uncaught error does', async () => {
  for (const code of ['', '42P01']) expect(await runUncaught(code)).toBe(1)
})
