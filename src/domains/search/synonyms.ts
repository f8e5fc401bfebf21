import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { Sql } from '../../platform/db/client.ts'
import { routine } from '../../platform/db/statement.ts'
import { projectRoot } from '../../platform/project.ts'

const loadSynonyms = routine('load_synonyms', { lines: Type.Array(Type.String()) }, { load_synonyms: Type.Integer() })

/**
 * Loads the lines of `search/synonyms_en_craft.txt` that this database never loaded. Returns how many. Rows that an operator
 * changed or deleted stay as they are.
 */
export async function loadShippedSynonyms(sql: Sql): Promise<number> {
  const text = readFileSync(join(projectRoot, 'search', 'synonyms_en_craft.txt'), 'utf8')
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const { load_synonyms } = await loadSynonyms.one(sql, { lines })
  return load_synonyms
}
