import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { registerSchema, validate } from '@hyperjump/json-schema/draft-07'
import manifest from '../../../package.json'
import { projectRoot } from '../../platform/project.ts'
import type { Sbom } from './sbom.ts'

const lock = readFileSync(join(projectRoot, 'bun.lock'), 'utf8')
/** The bill is larger than a pipe, and this reader is slow: a command that exits without waiting for it loses the rest. */
const slow_reader = `set -o pipefail; "${process.execPath}" run --silent sbom | { sleep 0.5; cat; }`
const run = Bun.spawnSync(['bash', '-c', slow_reader], { cwd: projectRoot })
if (run.exitCode !== 0) throw new Error(`sbom ended with ${run.exitCode ?? run.signalCode}: ${run.stderr}`)
const sbom = JSON.parse(run.stdout.toString()) as Sbom

test('the bill lists each package of the lock file once, with its checksum', () => {
  const locked = new Map([...lock.matchAll(/\["([^"]+@[^"@]+)", "", .*"sha512-([^"]+)"\],?$/gm)].map(([, id, sum]) => [id, sum]))
  expect(locked.size).toBeGreaterThan(300)
  const listed = sbom.components.map(({ name, version, hashes }) => [
    `${name}@${version}`,
    Buffer.from(hashes[0]?.content ?? '', 'hex').toString('base64'),
  ])
  expect(listed.toSorted()).toEqual([...locked].toSorted() as string[][])
})

test('it lists the runtimes, and the dependencies of each package', () => {
  const scopes = new Map(sbom.components.map(({ name, scope }) => [name, scope]))
  for (const name of Object.keys(manifest.dependencies)) expect([name, scopes.get(name)]).toEqual([name, 'required'])
  for (const name of Object.keys(manifest.devDependencies)) expect([name, scopes.get(name)]).toEqual([name, 'excluded'])
  // An indirect dependency.
  expect(scopes.get('@elastic/transport')).toBe('required')
  const own = sbom.dependencies.find(({ ref }) => ref === manifest.name)
  expect(own?.dependsOn).toHaveLength(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length)
  // tsyringe has its own tslib, which is not the one at the top.
  const tsyringe = sbom.dependencies.find(({ ref }) => ref.startsWith('pkg:npm/tsyringe@'))
  expect(tsyringe?.dependsOn).toEqual([expect.stringMatching(/^pkg:npm\/tslib@1\./)])
})

test('it matches the schema of CycloneDX', async () => {
  const folder = dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'))
  const uriOf = (name: string) => `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`
  for (const name of ['bom-1.6', 'spdx', 'jsf-0.82']) {
    const { $id: _id, ...schema } = JSON.parse(readFileSync(join(folder, `res/schema/${name}.SNAPSHOT.schema.json`), 'utf8'))
    registerSchema({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' }, uriOf(name))
  }
  expect(await validate(uriOf('bom-1.6'), sbom as never, 'BASIC')).toMatchObject({ valid: true })
  expect(await validate(uriOf('bom-1.6'), { ...sbom, specVersion: 6 } as never)).toMatchObject({ valid: false })
})
