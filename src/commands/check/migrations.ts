import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../../platform/project.ts'
import { runTool } from './tool.ts'

const squawk = join('node_modules', 'squawk-cli', 'js', 'bin', 'squawk')
/** dbmate wraps a file in a transaction, unless its first line has `transaction:false`. */
const TRANSACTION_FALSE = /^-- migrate:up .*transaction:false/m
const DOWN = /^-- migrate:down/m

/** Checks the way up of every migration with squawk, and requires a way down. Returns the violations. */
export async function checkMigrations(): Promise<string> {
  const names = [...new Glob('db/migrations/*.sql').scanSync(projectRoot)].sort()
  const troubles = await Promise.all(names.map(checkMigration))
  return troubles.filter((trouble) => trouble !== '').join('\n')
}

async function checkMigration(name: string): Promise<string> {
  const [up = '', down = ''] = readFileSync(join(projectRoot, name), 'utf8').split(DOWN)
  if (down.replace(/^.*$/m, '').trim() === '') return `${name}: there is no way down.`
  const flags = TRANSACTION_FALSE.test(up) ? [] : ['--assume-in-transaction']
  return await runTool(
    [squawk, '--reporter', 'gcc', '--stdin-filepath', name, ...flags],
    name.endsWith('__create.sql') ? markAsNew(up) : up,
  )
}

/** A file that only creates tables blocks no other process, so it needs no timeouts. Squawk reads that from the first line. */
function markAsNew(up: string): string {
  return up.replace('-- migrate:up', '-- squawk-ignore-file require-lock-timeout, require-statement-timeout')
}
