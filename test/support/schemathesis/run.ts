/** Runs schemathesis, which tries a served API against its own document, as somebody that the API knows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Person, Scene } from './scene.ts'

export type Role = 'anonymous' | 'buyer' | 'seller'

/** `report` is what schemathesis printed. */
export type Outcome = { passed: boolean; report: string }

/** How much is tried: cases of each call in the fuzzing phase, and what they are drawn from. */
export type Extent = { max_examples: number; seed: number }

/** Every check in every phase, as one of the people of the scene or as nobody; the one who shares nothing with anybody looks on. */
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
    // As a file, because of a document that it fetches it leaves out the call that fetched it.
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
    const what = ['run', document, '--url', url, '--checks', 'all', '--phases', 'examples,coverage,fuzzing,stateful']
    const extent = ['--max-examples', String(max_examples), '--seed', String(seed)]
    const child = Bun.spawn([program, '--config-file', settings, ...what, ...extent, '--no-color'], {
      cwd: folder,
      env: { ...process.env, SCHEMATHESIS_HOOKS: join(import.meta.dir, 'hooks.py') },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { passed: (await child.exited) === 0, report: output + errors }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Chains of calls cost a few calls each, where a case of each call costs one of all: ten times as many find their way to orders and reviews. */
function describeChains(max_examples: number): string {
  return `[phases.stateful]\nmax-steps = 10\n[phases.stateful.generation]\nmax-examples = ${10 * max_examples}\n`
}

function describeIds({ ids }: Scene): string[] {
  return Object.entries(ids).map(([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}\n`)
}

/** What the role reads of its own the stranger must not. */
function describeRole(role: Role, people: string): string[] {
  if (role === 'anonymous') return []
  return [`[auth.wfc]\npath = ${JSON.stringify(people)}\nuser = "${role}"\npeers = ["${role}", "stranger"]\n`]
}

/** How somebody signs in, which is done anew when a call has ended the session (Web Fuzzing Commons, auth.yaml). */
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
