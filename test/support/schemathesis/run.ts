/** Runs schemathesis as one of the API's users. It compares the running API with its own document. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runToEnd } from '../commands.ts'
import type { Person, Scene } from './scene.ts'

export type Role = 'anonymous' | 'buyer' | 'seller'

/** `report` is what schemathesis printed. */
export type Outcome = { passed: boolean; report: string }

/** `max_examples` is the number of cases for each call in the fuzzing phase. `seed` is the seed of their random values. */
export type Extent = { max_examples: number; seed: number }

/** Runs every check in every phase with this role. For a role with an account, checks that the stranger cannot read its data. */
export async function runSchemathesis(
  program: string,
  url: string,
  scene: Scene,
  role: Role,
  { max_examples, seed }: Extent,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-schemathesis-'))
  const inFolder = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  try {
    // A file, because schemathesis does not test the call that it fetched the document with.
    const document = inFolder('openapi.json', await (await fetch(`${url}/openapi.json`)).text())
    const people = inFolder(
      'people.json',
      JSON.stringify({
        auth: [describePerson(scene, 'buyer'), describePerson(scene, 'seller'), describePerson(scene, 'stranger')],
      }),
    )
    const common = readFileSync(join(import.meta.dir, 'settings.toml'), 'utf8')
    const settings = inFolder(
      'settings.toml',
      [common, ...describeIds(scene), ...describeRole(role, people), describeChains(max_examples)].join('\n'),
    )
    const what = ['run', document, '--url', url, '--checks', 'all', '--phases', phasesOf(role)]
    const extent = ['--max-examples', String(max_examples), '--seed', String(seed)]
    const { code, output, errors } = await runToEnd([program, '--config-file', settings, ...what, ...extent, '--no-color'], {
      folder,
      variables: { SCHEMATHESIS_HOOKS: join(import.meta.dir, 'hooks.py') },
    })
    return { passed: code === 0, report: output + errors }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Most calls refuse an anonymous caller before they read the rest, so all of its thousands of cases would be the same. */
function phasesOf(role: Role): string {
  return role === 'anonymous' ? 'examples,fuzzing,stateful' : 'examples,coverage,fuzzing,stateful'
}

/**
 * A chain costs only a few calls, but one case of each call costs as many calls as the API has. With ten times as many chains,
 * some reach orders and reviews.
 */
function describeChains(max_examples: number): string {
  return `[phases.stateful]\nmax-steps = 10\n[phases.stateful.generation]\nmax-examples = ${10 * max_examples}\n`
}

function describeIds({ ids }: Scene): string[] {
  return Object.entries(ids).map(([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}\n`)
}

/** Returns the settings of the role's sign-in. With them schemathesis checks that the stranger cannot read the role's data. */
function describeRole(role: Role, people: string): string[] {
  if (role === 'anonymous') return []
  return [`[auth.wfc]\npath = ${JSON.stringify(people)}\nuser = "${role}"\npeers = ["${role}", "stranger"]\n`]
}

/** Describes how a person signs in (Web Fuzzing Commons, auth.yaml). schemathesis signs in again if a call ends the session. */
function describePerson({ accounts }: Scene, name: Person): object {
  const token = {
    extractFrom: 'body',
    extractSelector: '/token',
    sendIn: 'header',
    sendName: 'Authorization',
    sendTemplate: 'Bearer {token}',
  }
  const login = {
    endpoint: '/v1/sessions',
    verb: 'POST',
    contentType: 'application/json',
    payloadRaw: JSON.stringify(accounts[name]),
    token,
  }
  return { name, loginEndpointAuth: login }
}
