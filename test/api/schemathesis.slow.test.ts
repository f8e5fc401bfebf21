/**
 * Schemathesis compares the document with the server: every call in every phase with every check, as a buyer, as a seller
 * and, without the phase of coverage, anonymously. A few cases for each call; for many:
 * SCHEMATHESIS_EXAMPLES=200 SCHEMATHESIS_SEED=7 bun run test test/api/schemathesis.slow.test.ts
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectStatus } from '../support/api.ts'
import type { ApiProcess } from '../support/api_process.ts'
import { openApi } from '../support/client.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { type OpenApi, operationsOf } from '../support/openapi.ts'
import { findProgram, requires } from '../support/requirements.ts'
import { runSchemathesis } from '../support/schemathesis/run.ts'
import { type Scene, setScene } from '../support/schemathesis/scene.ts'
import { spawnApi } from '../support/server.ts'

/** About a minute for all three, mostly for the coverage phase, which is always complete. */
const FEW = 5
const extent = {
  max_examples: Number(process.env.SCHEMATHESIS_EXAMPLES ?? FEW),
  seed: Number(process.env.SCHEMATHESIS_SEED ?? 1),
}
/** Ends only a hanging run. */
setDefaultTimeout((10 + extent.max_examples) * 60_000)

if (requires('schemathesis')) {
  describe('schemathesis', () => {
    const pictures = mkdtempSync(join(tmpdir(), 'stallwright-pictures-'))
    let database: TestDatabase
    let server: ApiProcess
    let scene: Scene
    let calls: number

    beforeAll(async () => {
      database = await openTestDatabase()
      server = await spawnApi({ DATABASE_URL: database.url, PICTURES_DIR: pictures })
      const api = openApi(server.url)
      scene = await setScene(api)
      calls = operationsOf(expectStatus(await api<OpenApi>('GET', '/openapi.json'), 200)).length
    })

    afterAll(async () => {
      await server.stop()
      await database.close()
      rmSync(pictures, { recursive: true })
    })

    // The seller comes last, because the seller can close the buyer's shop.
    test.each(['anonymous', 'buyer', 'seller'] as const)('finds nothing as %s', async (role) => {
      const program = findProgram('schemathesis') as string
      const { passed, report } = await runSchemathesis(program, server.url, scene, role, extent)
      if (!passed) console.error(report)
      console.log(/\d+ generated.*/.exec(report)?.[0])
      expect(passed).toBe(true)
      // Neither this test nor schemathesis skipped a call.
      expect(Number(/Tested: *(\d+)/.exec(report)?.[1])).toBe(calls)
    })
  })
}
