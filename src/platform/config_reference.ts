/** Renders the schema of the configuration: `docs/CONFIGURATION.md` and `.env.example`. */
import { type Variable, variableGroups } from './config.ts'

const HEAD = `<!-- Generated from src/platform/config.ts: UPDATE_DOCS=1 bun run test src/platform/config.test.ts -->
# Configuration

The service reads environment variables, or a file \`.env\`: copy [.env.example](../.env.example).
A bad value stops the start with one line that names each bad variable.
A variable marked *file* can also come from a file: \`DATABASE_URL_FILE=/run/secrets/database_url\`.
At \`LOG_LEVEL=debug\` the start logs the settings without secrets.
`

const INTRODUCTIONS: Record<string, string> = {
  Tracing:
    'The standard variables of OpenTelemetry, with their standard meanings: ' +
    '[SDK](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), ' +
    '[exporter](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).\n\n',
}

/** docs/CONFIGURATION.md: one heading a group, one row a variable. */
export function renderConfiguration(): string {
  const parts = Object.entries(variableGroups).map(([group, variables]) => {
    const rows = Object.entries(variables).map(([name, variable]) => {
      const file = variable.secret ? ' *file*' : ''
      return `| \`${name}\`${file} | ${renderDefault(variable)} | ${variable.description} |`
    })
    const introduction = INTRODUCTIONS[group] ?? ''
    return `## ${group}\n\n${introduction}| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return [HEAD, ...parts].join('\n')
}

/** A file to copy to `.env`, which Bun reads: every variable, each commented out. */
export function renderExample(): string {
  const head = [
    '# Generated from src/platform/config.ts: UPDATE_DOCS=1 bun run test src/platform/config.test.ts',
    '# Copy this file to .env and set what you need. The service starts without any of these variables.',
    '# A variable marked "file" can also come from a file: its name with _FILE appended holds the path.',
  ]
  const parts = Object.entries(variableGroups).map(([group, variables]) =>
    [`# === ${group} ===`, ...Object.entries(variables).map(([name, variable]) => renderLines(name, variable))].join('\n\n'),
  )
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`
}

function renderLines(name: string, { description, must_be, unset, secret, ...variable }: Variable): string {
  const lines = [`# ${plain(description)}`]
  if (must_be) lines.push(`# Value: ${must_be}.`)
  if (unset) lines.push(`# Default: ${plain(unset)}.`)
  if (secret) lines.push('# file')
  return [...lines, `#${name}=${variable.default ?? ''}`].join('\n')
}

function renderDefault(variable: Variable): string {
  if (variable.unset) return variable.unset
  if (variable.default === undefined) return ''
  return typeof variable.default === 'number' ? String(variable.default) : `\`${variable.default}\``
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '')
}
