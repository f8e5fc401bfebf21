/** What the schema of the configuration writes into documents: README's table and `.env.example`. */
import { type Variable, variables } from './config.ts'

/** One row a variable, as README has them. */
export function renderTable(): string {
  const rows = Object.entries(variables).map(
    ([name, variable]) => `| \`${name}\` | ${renderDefault(variable)} | ${variable.description} |`,
  )
  return ['| variable | default | is |', '| --- | --- | --- |', ...rows].join('\n')
}

/** A file to copy to `.env`, which Bun reads by itself: every variable, none of them set. */
export function renderExample(): string {
  const head = [
    '# Copy this to .env, or set the variables otherwise; README says more. Without any of them the service runs by itself.',
    '# In place of a variable marked "file", its name with _FILE behind it may name a file that holds its value.',
  ]
  const parts = Object.entries(variables).map(([name, { description, must_be, unset, secret, ...variable }]) => {
    const value = variable.default === undefined ? '' : String(variable.default)
    const without = unset ? [`# Without it: ${plain(unset)}.`] : []
    const form = must_be ? ` (${must_be}${secret ? '; file' : ''})` : secret ? ' (file)' : ''
    return [`# ${plain(description)}${form}`, ...without, `#${name}=${value}`].join('\n')
  })
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`
}

function renderDefault(variable: Variable): string {
  if (variable.unset) return variable.unset
  if (variable.default === undefined) return ''
  return typeof variable.default === 'number' ? String(variable.default) : `\`${variable.default}\``
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '')
}
