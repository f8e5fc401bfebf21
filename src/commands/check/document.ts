import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import { oas } from '@stoplight/spectral-rulesets'
import { projectRoot } from '../../platform/project.ts'
import { runTool } from './tool.ts'

const DOCUMENT = join('docs', 'openapi.json')
const redocly = join('node_modules', '@redocly', 'cli', 'bin', 'cli.js')
/** Turns off telemetry and the notice of a newer version. */
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

/** Lints docs/openapi.json with Redocly and with Spectral, each with all rules that it recommends. Returns their warnings. */
export async function checkDocument(): Promise<string> {
  const found = [await lintByRedocly(), await lintBySpectral()]
  return found.filter((text) => text !== '').join('\n')
}

/** `recommended-strict` has the rules of `recommended`, and exits with an error for each warning. */
function lintByRedocly(): Promise<string> {
  return runTool([redocly, 'lint', DOCUMENT, '--extends=recommended-strict', '--format=checkstyle'], '', QUIET)
}

async function lintBySpectral(): Promise<string> {
  const spectral = new Spectral()
  spectral.setRuleset({ extends: [[oas, 'recommended']] } as RulesetDefinition)
  const results = await spectral.run(JSON.parse(readFileSync(join(projectRoot, DOCUMENT), 'utf8')))
  return results.map(({ code, path, message }) => `spectral ${code}: ${path.join('/')}: ${message}`).join('\n')
}
