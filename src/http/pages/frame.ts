/** The frame of the small pages. Each page is one file with its own style and no script. */
import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'

/** The colors and the font are those of /demo. */
const STYLE = `
@font-face { font-family: Figtree; src: url("/demo/figtree.woff2") format("woff2"); font-weight: 300 900; font-display: fallback }
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d1c1a; --soft: #635f58; --line: #e6e2da; --accent: #2f4a6d; --wrong: #9b2c2c }
@media (prefers-color-scheme: dark) { :root { --paper: #17181a; --ink: #edebe6; --soft: #a8a49b; --line: #303236; --accent: #a9c3e8; --wrong: #f0a3a3 } }
body { max-width: 40rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 4rem) 1.25rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 Figtree, system-ui, sans-serif; overflow-wrap: anywhere }
a { color: var(--accent); text-underline-offset: .2em }
.brand { display: inline-flex; gap: .625rem; align-items: center; color: inherit; font-weight: 650; text-decoration: none }
h1 { margin: 2rem 0 .5rem; font-size: clamp(1.75rem, 1.3rem + 2vw, 2.375rem); line-height: 1.15; letter-spacing: -.02em }
h2 { margin: 2rem 0 .25rem; font-size: 1.0625rem } p { margin: .25rem 0 } .soft { color: var(--soft) }
ul { margin: 2rem 0; padding: 0; list-style: none; border-top: 1px solid var(--line) }
li { padding: .875rem 0; border-bottom: 1px solid var(--line) } li a { font-weight: 600 }
section { margin-bottom: 2.5rem } section h2 { font-size: 1.25rem } h3 { margin: 1.25rem 0 .25rem; font-size: 1.0625rem }
code { font-size: .9375em }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 }
label, form p { display: block; width: 100% } label input { display: block }
input { box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: 0 .75rem; border: 1px solid var(--soft); border-radius: .5rem;
  background: var(--paper); color: var(--ink); font: inherit } .wrong { color: var(--wrong) }
button { min-height: 2.75rem; padding: 0 1.25rem; border: 1px solid var(--accent); border-radius: .5rem; background: var(--accent);
  color: var(--paper); font: inherit; font-weight: 600; cursor: pointer } .quiet { background: none; color: var(--accent) }
`

/** For the header Content-Security-Policy. It allows the style above, the mark and the font of /demo, and nothing else. */
export const CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The same for a page with a form to this server. */
export const CSP_WITH_FORM = CSP.replace("form-action 'none'", "form-action 'self'")

/** The result of `html` of hono/html, which escapes every value. */
export type Markup = ReturnType<typeof html>

/** Returns a whole page. */
export function renderFrame(title: string, main: Markup, lang = 'en'): Markup {
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/demo/mark.svg" type="image/svg+xml">
<style>${raw(STYLE)}</style>
</head>
<body>
<header><a class="brand" href="/"><img src="/demo/mark.svg" alt="" width="28" height="28">Stallwright</a></header>
<main>
${main}
</main>
</body>
</html>
`
}
