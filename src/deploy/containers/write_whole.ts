import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a file that every user can read, and its folder. It writes all of the file or nothing, so an interrupted start leaves no
 * half of a secret.
 */
export function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, content, { mode: 0o444 })
  renameSync(`${path}.new`, path)
}
