/** Placeholder of the templates. */
export async function render({ kind, link }: { kind: string; locale: string; facts: unknown; link: string | null }) {
  const text = link ? `${kind}\n\n${link}\n` : `${kind}\n`
  return { subject: kind, text, html: `<p>${text}</p>` }
}
