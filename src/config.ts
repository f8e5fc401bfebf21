/**
 * The environment that the service reads, declared once: its checks, its messages, README's table, `.env.example` and the
 * redacted dump at the start all come from this schema.
 */
import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const POSTGRES_URL = { pattern: '^postgres(ql)?://', must_be: 'a postgres:// URL' }
const HTTP_URL = { pattern: '^https?://', must_be: 'an http:// or https:// URL' }
const ADDRESS = {
  pattern: '^([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$',
  must_be: 'an IP address or a host name',
}
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
const BOOLEAN = { must_be: 'true or false' }

/** What a variable is besides its type. A `secret` is never shown, and may come from the file that its `_FILE` names. */
export type Variable = {
  type?: string
  anyOf?: { const: string }[]
  default?: unknown
  /** What it is, in a few words of Markdown. */
  description: string
  /** What a good value looks like, for whoever set a bad one. */
  must_be?: string
  /** What holds without it, where that is no value. */
  unset?: string
  secret?: true
}

/** Every variable has its default here and nowhere else. */
const Environment = Type.Object({
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 3000,
    must_be: 'a port number from 0 to 65535',
    description: 'the port; 0 takes a free one',
  }),
  NODE_ENV: Type.Optional(
    Type.String({
      unset: 'development',
      description: '`production` refuses a start in which something would be left simulated or guessable unasked',
    }),
  ),
  HOST: Type.String({
    ...ADDRESS,
    default: '127.0.0.1',
    description: 'the address that it listens on; `0.0.0.0` is all of them, as in the image',
  }),
  OPERATIONS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      must_be: 'a port number from 0 to 65535',
      unset: '`PORT` serves them',
      description:
        'a port for operators alone: `/metrics`, `/admin` and `/readyz?verbose` are served there and are 404 on `PORT`; 0 takes a free one',
    }),
  ),
  OPERATIONS_HOST: Type.String({
    ...ADDRESS,
    default: '127.0.0.1',
    description: 'the address that `OPERATIONS_PORT` listens on',
  }),
  REUSE_PORT: Type.Boolean({
    ...BOOLEAN,
    default: false,
    description: 'several processes may serve on the port, so that one can be restarted while another serves; on Linux',
  }),
  DRAIN_MS: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    default: 1500,
    must_be: 'a number of milliseconds up to 10000',
    description: 'how long SIGTERM leaves clients and load balancers to notice, while everything is still served',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: 'an embedded PostgreSQL in `.data/`',
      description: 'a PostgreSQL 15 or later',
    }),
  ),
  READ_DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: 'DATABASE_URL',
      description:
        'a streaming replica of it, one server, for reads that may lag by a second; the primary reads while it does not follow',
    }),
  ),
  QUEUES_DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: 'DATABASE_URL',
      description: 'the same database for the dashboard of the job queues, by a login that may change jobs',
    }),
  ),
  AUTH_DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: 'DATABASE_URL',
      description: 'the same database for signing in, by the login that alone may read password hashes and make sessions',
    }),
  ),
  REDIS_URL: Type.Optional(
    Type.String({
      pattern: '^rediss?://',
      must_be: 'a redis:// URL',
      secret: true,
      unset: 'in this process, while it runs alone',
      description: 'where processes share caches and rate limits',
    }),
  ),
  ELASTICSEARCH_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s,]+(,\\s*https?://[^\\s,]+)*$',
      must_be: 'http:// or https:// URLs, separated by commas',
      secret: true,
      unset: 'PostgreSQL full-text search',
      description:
        'the search engine, 9.5 or later, or several nodes of its cluster, separated by commas, any of which may die; PostgreSQL stands in while it does not answer or its index is being built',
    }),
  ),
  SEARCH_INDEX: Type.String({
    pattern: '^[a-z][a-z0-9_-]{0,60}$',
    default: 'products',
    must_be: 'a name of lower-case letters, digits, _ and -',
    description: 'the alias of the index, where several installations share an Elasticsearch',
  }),
  SEARCH_SHARDS: Type.Integer({
    minimum: 1,
    maximum: 1024,
    default: 1,
    must_be: 'a whole number from 1 to 1024',
    description: 'into how many shards the next index is split: after a change run `bun run reindex`',
  }),
  SEARCH_REPLICAS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 100,
      must_be: 'a whole number from 0 to 100',
      unset: 'one where there is a second node',
      description: 'how many further copies of each shard other nodes hold; counts from the next start, without a new index',
    }),
  ),
  PAYMENTS: Type.Optional(
    Type.Literal('simulated', {
      must_be: 'simulated, or unset',
      unset: 'Stripe where its key is set, else simulated',
      description: '`simulated`: no money moves, and that is meant, as a start in production wants to be told',
    }),
  ),
  STRIPE_SECRET_KEY: Type.Optional(
    Type.String({
      pattern: '^(sk|rk)_',
      must_be: 'a Stripe secret key (sk_… or rk_…)',
      secret: true,
      unset: 'the simulated provider',
      description: 'payments by Stripe',
    }),
  ),
  STRIPE_WEBHOOK_SECRETS: Type.Optional(
    Type.String({
      pattern: '^whsec_[^,]+(,\\s*whsec_[^,]+)*$',
      must_be: 'signing secrets (whsec_…) separated by commas',
      secret: true,
      unset: 'no webhooks',
      description: "the endpoint's signing secrets, separated by commas; each is accepted",
    }),
  ),
  STRIPE_API_URL: Type.Optional(
    Type.String({ ...HTTP_URL, unset: "Stripe's own", description: 'another address of its API, for tests' }),
  ),
  SIMULATED_PAYMENTS_URL: Type.Optional(
    Type.String({ ...HTTP_URL, unset: 'in this process', description: 'a simulated provider in a process of its own' }),
  ),
  SIMULATED_WEBHOOK_SECRETS: Type.Optional(
    Type.String({
      pattern: '^[^,]{16,}(,[^,]{16,})*$',
      must_be: 'secrets of at least 16 characters separated by commas',
      secret: true,
      unset: 'no webhooks',
      description: 'its signing secrets, separated by commas',
    }),
  ),
  SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      must_be: 'an smtp:// or smtps:// URL',
      secret: true,
      unset: 'mails are lines in the log, their addresses at `debug` alone',
      description: 'the mail server',
    }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      pattern:
        "^[\\w!#$%&'*+/=?^`{|}~-]+(\\.[\\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$",
      maxLength: 254,
      must_be: 'one e-mail address, such as shop@market.example',
      unset: '`no-reply@stallwright.invalid`, which no mail server takes',
      description: 'the address that mails come from',
    }),
  ),
  LOG_LEVEL: Type.Union(
    LOG_LEVELS.map((level) => Type.Literal(level)),
    {
      default: 'info',
      must_be: `one of ${LOG_LEVELS.join(', ')}`,
      description: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    },
  ),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s?#]+$',
      must_be: HTTP_URL.must_be,
      unset: 'in mails `http://localhost:PORT`, in `/openapi.json` `http://localhost:3000`, elsewhere where a call is sent to',
      description:
        'where the service is seen from outside: the URLs of pictures, the links in mails and the server of `/openapi.json`',
    }),
  ),
  PICTURES_DIR: Type.Optional(
    Type.String({ unset: '`.data/pictures`', description: 'where pictures are kept, for one machine' }),
  ),
  S3_BUCKET: Type.Optional(
    Type.String({
      unset: '`PICTURES_DIR`',
      description: 'pictures in S3 or what speaks it; with `S3_ACCESS_KEY_ID` and `S3_SECRET_ACCESS_KEY`',
    }),
  ),
  S3_ACCESS_KEY_ID: Type.Optional(Type.String({ description: 'its key' })),
  S3_SECRET_ACCESS_KEY: Type.Optional(Type.String({ secret: true, description: 'the secret of the key' })),
  S3_ENDPOINT: Type.Optional(Type.String({ ...HTTP_URL, unset: 'that of AWS', description: 'the address of another S3' })),
  S3_REGION: Type.String({ default: 'us-east-1', description: 'its region' }),
  RATE_LIMIT_SCALE: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    must_be: 'a number above 0',
    description: 'multiplies every rate limit and quota of an account, for load tests',
  }),
  TRUSTED_PROXIES: Type.Integer({
    minimum: 0,
    maximum: 10,
    default: 0,
    must_be: 'a whole number from 0 to 10',
    description:
      "how many proxies in front are yours: the client's address is what the outermost of them says in `X-Forwarded-For`; never believed on OPERATIONS_PORT",
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s,/*]+(,\\s*https?://[^\\s,/*]+)*$',
      must_be: 'origins such as https://shop.example, separated by commas',
      unset: 'none',
      description: 'whose pages may call from a browser: `https://shop.example,https://admin.example`',
    }),
  ),
  SEARCH_RANKING: Type.Union([Type.Literal('tiered'), Type.Literal('brief')], {
    default: 'tiered',
    must_be: 'tiered or brief',
    description: 'how searches rank: `tiered`, or `brief` for comparison',
  }),
  SECURITY_CONTACT: Type.Optional(
    Type.String({
      pattern: '^(mailto:[^@\\s]+@[^@\\s]+|https://[^\\s]+)$',
      must_be: 'a mailto: or https:// URL',
      unset: 'the page is not there',
      description: 'whom to tell of a weakness, as `/.well-known/security.txt` says: `mailto:security@market.example`',
    }),
  ),
  OPERATOR_TOKEN: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{16,200}$',
      must_be: 'at least 16 printable ASCII characters without spaces, in production 32',
      secret: true,
      unset: 'nobody may',
      description:
        'the password at `/admin/queues`; as `X-Operator-Token` it lets `X-Search-Ranking: brief` choose the ranking of a search',
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      ...HTTP_URL,
      secret: true,
      unset: 'no traces, unless one of the next two is set',
      description: 'where traces are sent, by OTLP over HTTP: the base of a collector, such as http://localhost:4318',
    }),
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Type.Optional(
    Type.String({ ...HTTP_URL, secret: true, unset: 'that, with /v1/traces', description: 'the whole address for traces' }),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: Type.Optional(
    Type.String({ secret: true, unset: 'none', description: 'headers for the collector: `name=value,name=value`' }),
  ),
  OTEL_TRACES_EXPORTER: Type.Optional(
    Type.Union([Type.Literal('otlp'), Type.Literal('none')], {
      must_be: 'otlp or none',
      unset: '`otlp` where an endpoint is set',
      description: '`otlp` or `none`',
    }),
  ),
  OTEL_SDK_DISABLED: Type.Boolean({ ...BOOLEAN, default: false, description: 'no traces, whatever else is set' }),
  OTEL_SERVICE_NAME: Type.Optional(Type.String({ unset: '`stallwright`', description: 'what traces call this service' })),
  OTEL_TRACES_SAMPLER: Type.Union(
    SAMPLERS.map((sampler) => Type.Literal(sampler)),
    {
      default: 'parentbased_always_on',
      must_be: `one of ${SAMPLERS.join(', ')}`,
      description:
        "which traces are recorded: by default all whose caller does not say otherwise; any other sampler of OpenTelemetry's",
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    must_be: 'a number from 0 to 1',
    description: 'the share that a `traceidratio` records',
  }),
  OTEL_BSP_SCHEDULE_DELAY: Type.Integer({
    minimum: 1,
    default: 5000,
    must_be: 'a number of milliseconds',
    description: 'how long a span waits to be sent with others, in milliseconds',
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: Type.Integer({
    minimum: 1,
    default: 2048,
    must_be: 'a whole number above 0',
    description: 'how many spans wait; more are lost',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: Type.Integer({
    minimum: 1,
    default: 512,
    must_be: 'a whole number above 0',
    description: 'how many are sent at once',
  }),
  OTEL_BSP_EXPORT_TIMEOUT: Type.Integer({
    minimum: 1,
    default: 30_000,
    must_be: 'a number of milliseconds',
    description: 'how long sending may take, in milliseconds',
  }),
  CHECK_ANSWERS: Type.Boolean({
    ...BOOLEAN,
    default: false,
    description: 'holds each answer against its declared schema, for tests',
  }),
})

export type Config = Static<typeof Environment>

/** Every variable by its name, in the order in which documents show them. */
export const variables = Environment.properties as Record<keyof Config, Variable>
const names = Object.keys(variables) as (keyof Config)[]

/** Reads the environment, or throws one Error that names every bad variable and what it should be, and shows no value. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const { texts, complaints } = readTexts(environment)
  const spelt = Object.entries(texts).map(([name, text]) => [name, spelled(name as keyof Config, text)])
  const values = Value.Default(Environment, Object.fromEntries(spelt))
  const bad = new Set([...Value.Errors(Environment, values)].map((error) => error.path.split('/')[1] as keyof Config))
  for (const name of bad) complaints.push(`${name} must be ${variables[name].must_be ?? 'valid'}`)
  if (complaints.length > 0) throw new Error(`Bad configuration: ${complaints.join('; ')}.`)
  return values as Config
}

/** The configuration as a log may show it: of a secret that is a URL what it leads to, of another one that it is set. */
export function redactConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, variables[name as keyof Config].secret ? redact(String(value)) : value]),
  )
}

type Texts = Partial<Record<keyof Config, string>>

/** What is set, by itself or by a file. An empty variable is none. */
function readTexts(environment: Record<string, string | undefined>): { texts: Texts; complaints: string[] } {
  const texts: Texts = {}
  const complaints: string[] = []
  for (const name of names) {
    const [text, file] = [environment[name], variables[name].secret && environment[`${name}_FILE`]]
    if (text && file) complaints.push(`${name} and ${name}_FILE are both set, keep one`)
    else if (text) texts[name] = text
    else if (file) {
      try {
        // Whoever writes a secret into a file by hand ends it with a line break.
        const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
        if (content === '') complaints.push(`${name}_FILE names ${file}, which is empty`)
        else texts[name] = content
      } catch (error) {
        complaints.push(`${name}_FILE names ${file}, which cannot be read (${(error as { code?: string }).code})`)
      }
    }
  }
  return { texts, complaints }
}

/** A number or boolean that is spelled as one; TypeBox's own conversion would take "1e3" or "true" for a port. */
function spelled(name: keyof Config, value: string): unknown {
  const { type } = variables[name]
  if (type === 'integer' || type === 'number') return /^(\d+(\.\d+)?|\.\d+)$/.test(value) ? Number(value) : value
  if (type === 'boolean') return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value
  return value
}

/** Of a URL, or of several, scheme, host and path: who signs in, and what follows a question mark, is nobody's business. */
function redact(secret: string): string {
  const urls = secret.split(/,\s*(?=https?:)/)
  if (urls.length > 1) return urls.map(redact).join(',')
  const url = secret.includes('://') ? URL.parse(secret) : null
  return url ? `${url.protocol}//${url.username ? '***@' : ''}${url.host}${url.pathname}` : '***'
}
