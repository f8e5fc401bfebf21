import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../../platform/project.ts'

/** Each file must define one function, with the name of the file and a `comment on function`. Returns the violations. */
export async function checkFunctionFiles(): Promise<string> {
  const names = [...new Glob('db/functions/*/*.sql').scanSync(projectRoot)].sort()
  return names.flatMap((name) => checkFile(name, readFileSync(join(projectRoot, name), 'utf8'))).join('\n')
}

function checkFile(name: string, text: string): string[] {
  const expected = basename(name, '.sql')
  const defined = [...text.matchAll(/^create (?:or replace )?(?:function|procedure) (\w+)/gim)].map((match) => match[1])
  if (defined.length !== 1 || defined[0] !== expected) {
    return [`${name}: must define ${expected} and nothing else, but defines ${defined.join(', ') || 'nothing'}.`]
  }
  return text.includes(`comment on function ${expected}(`) ? [] : [`${name}: there is no "comment on function ${expected}(…)".`]
}
