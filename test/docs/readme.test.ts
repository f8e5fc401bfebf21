/** Checks README's paths and commands; readme_commands.slow.test.ts runs the commands. */
import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { commandsOf, RUN_ELSEWHERE, readFile, readme, testCommand } from './readme.ts'

test('the build machine runs its test command', () => {
  const [install = '', run = ''] = testCommand.trim().split(' && ')
  const script = readFile('.ci/run').replaceAll('$bun', 'npx -y bun@1.4.5')
  expect(script).toContain(`${install} && ${run}`)
})

test('docs/COMMANDS.md has each of its commands', () => {
  for (const command of commandsOf(readme)) expect(commandsOf(readFile('docs/COMMANDS.md'))).toContain(command)
})

test.each(Object.entries(RUN_ELSEWHERE))('%s is a documented command that %s runs', (command, file) => {
  expect(commandsOf(readFile('docs/COMMANDS.md'))).toContain(command)
  expect(readFile(file).replaceAll('$bun', 'bun')).toContain(command)
})

test('every path and link in it leads somewhere', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !link.startsWith('http'))
  const section = readme.split('## What is where\n')[1]?.split('\n## ')[0] ?? ''
  const folders = [...section.matchAll(/`([a-z_/]+)(?:<domain>)?\/`/g)].map((match) => match[1] ?? '')
  for (const path of [...links, ...folders])
    expect({ path, exists: existsSync(join(projectRoot, path)) }).toEqual({ path, exists: true })
})
