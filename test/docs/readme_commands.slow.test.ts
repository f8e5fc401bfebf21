/** Runs the commands of README and docs/COMMANDS.md in a fresh copy of the tree. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { type Ended, runToEnd } from '../support/commands.ts'
import { commandsOf, RUN_ELSEWHERE, readFile, startCommand, tour } from './readme.ts'

const commands = commandsOf(readFile('docs/COMMANDS.md')).filter((command) => !(command in RUN_ELSEWHERE))

setDefaultTimeout(300_000)

/** A fresh copy of the tree with a running server on its own port. */
type Clone = { run: (script: string) => Promise<Ended>; remove: () => Promise<void> }
/** Files that a fresh clone does not have. */
const LEFT_OUT = ['.git', '.data', 'node_modules']
let clone: Clone | undefined

describe('README, run in a fresh copy', () => {
  beforeAll(async () => {
    clone = await startClone()
  })
  afterAll(async () => {
    await clone?.remove()
  })

  test('its tour ends with two paid orders of two shops', async () => {
    const { code, output, errors } = await runInClone(tour.join('\n'))
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    // The last command prints the orders as Node prints objects.
    const orders = output.slice(output.lastIndexOf('['))
    expect(orders.match(/status: 'paid'/g)).toHaveLength(2)
    expect(new Set(orders.match(/shop_id: \d+/g)).size).toBe(2)
  })

  test.each(commands)('%s', async (command) => {
    const { code, output, errors } = await runInClone(command)
    expect({ code, printed: code === 0 ? '' : output + errors }).toEqual({ code: 0, printed: '' })
  })
})

async function runInClone(script: string): Promise<Ended> {
  if (!clone) throw new Error('the fresh copy does not run')
  return clone.run(script)
}

/** Copies the tree, runs README's first command, and waits until the server listens. */
async function startClone(): Promise<Clone> {
  const place = mkdtempSync(join(tmpdir(), 'stallwright-readme-'))
  // As root, PostgreSQL runs as another user, which needs access to the folder.
  chmodSync(place, 0o755)
  const folder = join(place, 'stallwright')
  cpSync(projectRoot, folder, { recursive: true, filter: (path) => !LEFT_OUT.includes(relative(projectRoot, path)) })
  const env = {
    ...process.env,
    DATABASE_URL: undefined,
    CI: undefined,
    PATH: `${linkBun(place)}${delimiter}${process.env.PATH}`,
    PORT: '0',
    RATE_LIMIT_SCALE: '1000000',
  }
  const command = Bun.which('npx') ? startCommand : startCommand.replaceAll('npx -y bun@1.4.5', 'bun')
  // Its own process group, so that a signal reaches the server behind bash, npx and bun.
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
      run: (script) => {
        const here = script.replaceAll('localhost:3000', `localhost:${port}`)
        return runToEnd(['bash', '-c', here], { folder, variables: { ...env, PORT: port } })
      },
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** The port in the log line of the start. Drains the later output. */
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

/** A folder with the running Bun as `bun`, because on a machine with nothing but Node no `bun` is on the PATH. */
function linkBun(place: string): string {
  const folder = join(place, 'bin')
  mkdirSync(folder)
  symlinkSync(process.execPath, join(folder, 'bun'))
  return folder
}
