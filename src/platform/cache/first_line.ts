/** Returns the first line of a text and the rest. Cached texts begin with lines of facts. */
export function splitFirstLine(text: string): [string, string] {
  const end = text.indexOf('\n')
  return [text.slice(0, end), text.slice(end + 1)]
}
