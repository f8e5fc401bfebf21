/** `bun run sbom`: writes the software bill of materials to standard output or into a file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import manifest from '../../package.json'
import { readArguments, runCommand, UsageError } from '../platform/arguments.ts'
import { projectRoot } from '../platform/project.ts'
import { makeSbom } from './sbom/sbom.ts'

const usage = `Usage: bun run sbom [<file>]

Lists each package of bun.lock as CycloneDX 1.6 JSON: name, version, SHA-512, what needs it, and whether the service runs on it
(scope "required") or only its tests and checks do ("excluded"). Without a file it writes to standard output.`

await runCommand(usage, async () => {
  const { positionals } = readArguments({})
  if (positionals.length > 1) throw new UsageError('sbom takes one file')
  const sbom = makeSbom(readFileSync(join(projectRoot, 'bun.lock'), 'utf8'), manifest.version)
  const text = `${JSON.stringify(sbom, null, 2)}\n`
  if (positionals[0] === undefined) await Bun.write(Bun.stdout, text)
  else writeFileSync(positionals[0], text)
  return 0
})
