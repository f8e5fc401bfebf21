/** Other spellings of paths that are not public. An attacker tries them to pass the rules of a balancer. */
import type { RawAnswer } from './raw_http.ts'

/** Paths for operators only. */
export const OPERATIONS = ['/metrics', '/admin', '/admin/queues', '/admin/queues/queues', '/readyz?verbose']

/** Returns request targets that a server or a proxy may normalize to this path. */
export function spellingsOf(path: string): string[] {
  const name = path.slice(1)
  const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
  const before = [
    '/',
    '/./',
    '/x/../',
    '/v1/../',
    '/livez/../',
    '/docs/../',
    '/%2e/',
    '/v1/%2e%2e/',
    '/v1/.%2E/',
    '/%2f',
    '/x/..//',
  ]
  const around = [
    '/..%2f',
    '/v1/..%2f',
    '/pictures/..%5c',
    '/v1/..;/',
    '/livez;/../',
    '\\',
    '/v1\\..\\',
    '/v1/%252e%252e/',
    '/;/',
  ]
  return [
    path,
    ...[...before, ...around].map((prefix) => `${prefix}${name}`),
    ...['/', '/.', ';x', '#', '%00', '%20', '%2e', '%2f', '/x/..', '.json'].map((suffix) => `${path}${suffix}`),
    ...[`/${encoded}`, `/${encoded.toUpperCase()}`, `/v1/../${encoded}`, `/${name.toUpperCase()}`],
    ...[
      `http://shop.example${path}`,
      `http://shop.example/.${path}`,
      `http://shop.example/${path}`,
      `https://shop.example:80${path}`,
    ],
    ...['?', '#', '%3f', '%23'].map((mark) => `/livez${mark}/..${path}`),
  ].filter((target) => target !== '/')
}

/** Invalid values of Host. With one of them a runtime could turn a public path into another URL. */
export const ODD_HOSTS = OPERATIONS.flatMap((path) => [`x${path}?`, `x${path}#`, `x\\..${path}?`, `u@x${path}?`])

/** Values of Host that make no valid URL, though most of them contain only allowed characters. */
export const NO_HOSTS = [
  ':80',
  'a:99999',
  'a:b',
  '[',
  '[zz]',
  '::1',
  '1.2.3.4.5',
  '1.2.3.4.5:80',
  'a%2fb',
  '%',
  'a b',
  'localhost:80:80',
]

/** Returns whether a response is for operators: metrics, checks, or the request for the operator's token. */
export function isOfOperations({ head, body }: RawAnswer): boolean {
  return body.includes('# HELP') || body.includes('"checks"') || /www-authenticate: *basic/i.test(head)
}
