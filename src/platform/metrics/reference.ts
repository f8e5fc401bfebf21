/** Renders the generated part of docs/METRICS.md from the declarations. */
import { type Declaration, declarations } from './declarations.ts'
import { processMetrics } from './process_metrics.ts'

/** Returns every metric as Markdown: our declared metrics, then those of the process. */
export function renderReference(): string {
  const ours = Object.entries<Declaration>(declarations).map(
    ([name, one]) => `| \`${name}\` | ${one.type} | ${renderLabels(one)} | ${renderMeaning(one)} |`,
  )
  const process = Object.entries(processMetrics).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
  return [
    '## All metrics',
    '',
    '| metric | type | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...ours,
    '',
    '## The process',
    '',
    '| metric | meaning |',
    '| --- | --- |',
    ...process,
    '',
  ].join('\n')
}

function renderLabels({ labels }: Declaration): string {
  const all = Object.entries(labels).map(([label, values]) => {
    const list = 'max' in values ? `${values.of}; at most ${values.max}` : values.map((value) => `\`${value}\``).join(' ')
    return `${label}: ${list}`
  })
  return all.join('<br>')
}

function renderMeaning(declaration: Declaration): string {
  return declaration.type === 'histogram' ? `${declaration.help} Buckets: ${declaration.buckets.join(', ')}.` : declaration.help
}
