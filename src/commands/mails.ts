/** `bun run mails --preview`: writes all mails as files to look at. */
import { resolve } from 'node:path'
import { writePreview } from '../domains/mails/write_preview.ts'
import { readArguments, runCommand, UsageError } from '../platform/arguments.ts'

const usage = `Usage: bun run mails --preview [<folder>]

Writes each kind of mail in each language, with invented orders, as HTML and as text, and a page with links to all of them.
The folder is .data/mails unless you name another one.`

await runCommand(usage, async () => {
  const { values, positionals } = readArguments({ preview: { type: 'boolean' } })
  if (!values.preview || positionals.length > 1) throw new UsageError('mails takes --preview and at most one folder')
  const folder = resolve(positionals[0] ?? '.data/mails')
  console.log(`${await writePreview(folder)} mails: ${folder}/index.html`)
  return 0
})
