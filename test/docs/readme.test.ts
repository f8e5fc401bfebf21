/** The README is true: its commands run as written, in a fresh copy of the tree, and its tables name what there is. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { Glob } from 'bun'
import { findK6 } from '../../loadtest/runner/k6.ts'
import { projectRoot } from '../../src/platform/project.ts'

const readme = read('README.md')
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
const [startCommand = '', testCommand = '', ...tour] = blocks
/** The commands of the table, `bun run test` and `bun start` aside: one would run this file again, one is run already. */
const commands = [...readme.matchAll(/^\| `(bun run [^`]+)` \|/gm)]
  .map((match) => match[1] ?? '')
  .filter((command) => command !== 'bun run test')

const START_TIMEOUT_MS = 180_000
const COMMAND_TIMEOUT_MS = 300_000

type Shell = { code: number; output: string; errors: string }

/** A fresh copy of the tree with a running server, on a port of its own. */
type Clone = { run: (script: string) => Promise<Shell>; remove: () => Promise<void> }
/** What a clone would not have. */
const LEFT_OUT = ['.git', '.data', 'node_modules']
let clone: Clone | undefined

describe('README, run in a fresh copy', () => {
  beforeAll(async () => {
    clone = await startClone()
  }, START_TIMEOUT_MS)
  afterAll(async () => {
    await clone?.remove()
  }, 60_000)

  test(
    'its tour ends with two paid orders of two shops',
    async () => {
      const { code, output, errors } = await runInClone(tour.join('\n'))
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
      // The last command prints the orders as Node prints objects.
      const orders = output.slice(output.lastIndexOf('['))
      expect(orders.match(/status: 'paid'/g)).toHaveLength(2)
      expect(new Set(orders.match(/shop_id: \d+/g)).size).toBe(2)
    },
    COMMAND_TIMEOUT_MS,
  )

  test.each(commands)(
    '%s',
    async (command) => {
      const { code, output, errors } = await runInClone(command)
      const is_load_test = command.startsWith('bun run loadtest')
      // Without k6 it says in one line what to install. How fast this machine is is no matter here.
      if (is_load_test && !findK6())
        expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining('There is no k6') })
      else if (!(is_load_test && output.includes('Report: '))) {
        expect({ code, printed: code === 0 ? '' : output + errors }).toEqual({ code: 0, printed: '' })
      }
    },
    COMMAND_TIMEOUT_MS,
  )
})

describe('README, read', () => {
  test('the build machine runs its test command', () => {
    const [install = '', run = ''] = testCommand.trim().split(' && ')
    const script = read('.ci/run').replaceAll('$bun', 'npx -y bun@1.4.5')
    expect(script).toContain(`${install} && ${run}`)
  })

  // Written by UPDATE_DOCS=1 bun test test/docs/readme.test.ts -t 'table of functions'
  test('its table of functions is the one that the files make', () => {
    const [written = ''] = /\| domain \| function \| does \|(\n\|.*)+/.exec(readme) ?? []
    const table = tableOfFunctions()
    if (process.env.UPDATE_DOCS)
      writeFileSync(
        join(projectRoot, 'README.md'),
        readme.replace(written, () => table),
      )
    else expect(written).toBe(table)
  })

  test('every path and link in it leads somewhere', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !link.startsWith('http'))
    const folders = [...section('What is where').matchAll(/`([a-z_/]+)(?:<domain>)?\/`/g)].map((match) => match[1] ?? '')
    for (const path of [...links, ...folders])
      expect({ path, exists: existsSync(join(projectRoot, path)) }).toEqual({ path, exists: true })
  })
})

async function runInClone(script: string): Promise<Shell> {
  if (!clone) throw new Error('the fresh copy does not run')
  return clone.run(script)
}

function section(title: string): string {
  return readme.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
}

/** Every stored function that the API calls, and the promised one that it calls through another, with its comment. */
function tableOfFunctions(): string {
  const sources = [...new Glob('src/**/*.ts').scanSync(projectRoot)].filter((name) => !name.endsWith('.test.ts'))
  const called = sources.flatMap((name) => [...read(name).matchAll(/\broutine\(\s*'(\w+)'/g)].map((match) => match[1]))
  const files = [...new Glob('db/functions/*/*.sql').scanSync(projectRoot)].sort()
  const rows = files.flatMap((file) => {
    const [, , domain, name = ''] = file.slice(0, -'.sql'.length).split('/')
    if (!called.includes(name) && name !== 'checkout_split_orders') return []
    const text = read(file)
    const args = /^create or replace function \w+\(([\s\S]*?)\)\s+returns/m.exec(text)?.[1] ?? ''
    const names = args.split(',').map((argument) => argument.trim().split(' ')[0])
    const comment = /^comment on function [^']*'((?:[^']|'')*)'/m.exec(text)?.[1]?.replaceAll("''", "'")
    return `| ${domain} | \`${name}(${names.join(', ')})\` | ${comment} |`
  })
  return ['| domain | function | does |', '| --- | --- | --- |', ...rows].join('\n')
}

function read(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}

/** Copies the tree, installs and starts it with README's first command, and waits until it serves. */
async function startClone(): Promise<Clone> {
  const place = mkdtempSync(join(tmpdir(), 'stallwright-readme-'))
  // As root, PostgreSQL runs as another user, who must be able to enter.
  chmodSync(place, 0o755)
  const folder = join(place, 'stallwright')
  cpSync(projectRoot, folder, { recursive: true, filter: (path) => !LEFT_OUT.includes(relative(projectRoot, path)) })
  const { DATABASE_URL: _database, CI: _ci, ...inherited } = process.env
  const env = { ...inherited, PATH: `${linkBun(place)}${delimiter}${process.env.PATH}`, PORT: '0', RATE_LIMIT_SCALE: '1000000' }
  const command = Bun.which('npx') ? startCommand : startCommand.replaceAll('npx -y bun@1.4.5', 'bun')
  // A process group of its own, so that a signal reaches the server behind bash, npx and bun.
  const server = spawn('bash', ['-c', command], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  const remove = async () => {
    if (server.pid && server.exitCode === null) process.kill(-server.pid, 'SIGTERM')
    await ended
    rmSync(place, { recursive: true })
  }
  try {
    const port = await readPort(server.stdout)
    return {
      run: (script) => runScript(script.replaceAll('localhost:3000', `localhost:${port}`), folder, { ...env, PORT: port }),
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function runScript(script: string, folder: string, env: Record<string, string | undefined>): Promise<Shell> {
  const shell = Bun.spawn(['bash', '-c', script], { cwd: folder, env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [output, errors, code] = await Promise.all([
    new Response(shell.stdout).text(),
    new Response(shell.stderr).text(),
    shell.exited,
  ])
  return { code, output, errors }
}

/** The port in the line that says where the server serves; what comes later is read away. */
function readPort(stdout: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stdout.on('data', (chunk) => {
      text += chunk
      const port = /serves on http:\/\/localhost:(\d+)/.exec(text)?.[1]
      if (port) resolve(port)
    })
    stdout.on('end', () => reject(new Error(`The server ended before it served: ${text}`)))
  })
}

/** A folder with this very Bun as `bun`: on a machine with nothing but Node it is on no PATH. */
function linkBun(place: string): string {
  const folder = join(place, 'bin')
  mkdirSync(folder)
  symlinkSync(process.execPath, join(folder, 'bun'))
  return folder
}
