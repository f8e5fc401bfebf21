/**
 * The environment variables of the service, declared once. The checks, their messages, docs/CONFIGURATION.md, `.env.example`
 * and the redacted settings in the log come from this schema.
 */
import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ARGON2ID } from './argon2id.ts'

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

/** How documents and error messages describe a variable. */
export type Variable = {
  type?: string
  anyOf?: { const: string }[]
  default?: unknown
  /** One or two sentences of Markdown. */
  description: string
  /** The form of a valid value, for the error message: `PORT must be a port number from 0 to 65535`. */
  must_be?: string
  /** The behavior without the variable, if no default value describes it. */
  unset?: string
  /** Never printed. A file can hold the value: `<NAME>_FILE` is its path. */
  secret?: true
}

const server = {
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 3000,
    must_be: 'a port number from 0 to 65535',
    description: 'The port of the API. 0 picks a free port.',
  }),
  HOST: Type.String({
    ...ADDRESS,
    default: '127.0.0.1',
    description: 'The address that the API listens on. `0.0.0.0` means every address of the machine; the image sets it.',
  }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s?#]+$',
      must_be: HTTP_URL.must_be,
      unset: "`http://localhost:PORT` in mails, `http://localhost:3000` in `/openapi.json`, otherwise the request's own host",
      description: 'The URL at which clients reach the service. Picture URLs, links in mails and `/openapi.json` begin with it.',
    }),
  ),
  NODE_ENV: Type.Optional(
    Type.String({
      unset: '`development`',
      description:
        '`production` requires `STRIPE_SECRET_KEY` or `PAYMENTS=simulated`, an `OPERATOR_TOKEN` of at least 32 characters ' +
        'if there is one, and `MAIL_FROM` and `PUBLIC_URL` together with `SMTP_URL`.',
    }),
  ),
  LOG_LEVEL: Type.Union(
    LOG_LEVELS.map((level) => Type.Literal(level)),
    {
      default: 'info',
      must_be: `one of ${LOG_LEVELS.join(', ')}`,
      description: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    },
  ),
  TRUSTED_PROXIES: Type.Integer({
    minimum: 0,
    maximum: 10,
    default: 0,
    must_be: 'a whole number from 0 to 10',
    description:
      "The number of your own proxies in front of the API. The client's address is the one that the outermost of them puts " +
      'into `X-Forwarded-For`. `OPERATIONS_PORT` ignores that header.',
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s,/*]+(,\\s*https?://[^\\s,/*]+)*$',
      must_be: 'origins such as https://shop.example, separated by commas',
      unset: 'no origin',
      description: 'The web origins whose pages can call the API: `https://shop.example,https://admin.example`.',
    }),
  ),
  REUSE_PORT: Type.Boolean({
    ...BOOLEAN,
    default: false,
    description: 'Lets several processes listen on `PORT` (Linux), so that one serves while another restarts.',
  }),
  DRAIN_MS: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    default: 1500,
    must_be: 'a number of milliseconds up to 10000',
    description:
      'Milliseconds from SIGTERM to the end of listening. Meanwhile the process serves every request and `/readyz` is 503, ' +
      'so that load balancers move on.',
  }),
  RATE_LIMIT_SCALE: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    must_be: 'a number above 0',
    description: 'Multiplies every rate limit and every quota of an account. Use it for load tests.',
  }),
}

const operators = {
  OPERATIONS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      must_be: 'a port number from 0 to 65535',
      unset: '`PORT` serves them',
      description:
        'A separate port for `/metrics`, `/admin` and `/readyz?verbose`, which are then 404 on `PORT`. 0 picks a free port.',
    }),
  ),
  OPERATIONS_HOST: Type.String({
    ...ADDRESS,
    default: '127.0.0.1',
    description: 'The address that `OPERATIONS_PORT` listens on.',
  }),
  PASSWORD_MEMORY_KIB: Type.Integer({
    minimum: 64,
    maximum: 1_048_576,
    default: ARGON2ID.memory_kib,
    must_be: 'a whole number of KiB from 64 to 1048576',
    description:
      'The memory in KiB that Argon2id fills to hash a new password. More memory makes hashes slower and harder to guess. ' +
      '`production` refuses less than the default.',
  }),
  OPERATOR_TOKEN: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{16,200}$',
      must_be: 'at least 16 printable ASCII characters without spaces, in production 32',
      secret: true,
      unset: '`/admin/queues` refuses every request',
      description: 'The password of `/admin/queues`.',
    }),
  ),
  SECURITY_CONTACT: Type.Optional(
    Type.String({
      pattern: '^(mailto:[^@\\s]+@[^@\\s]+|https://[^\\s]+)$',
      must_be: 'a mailto: or https:// URL',
      unset: 'the page is 404',
      description: 'The contact for security reports in `/.well-known/security.txt`: `mailto:security@market.example`.',
    }),
  ),
}

const database = {
  DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: 'an embedded PostgreSQL in `.data/`',
      description: 'A PostgreSQL database, version 15 or later.',
    }),
  ),
  READ_DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: '`DATABASE_URL`',
      description:
        'One streaming replica of the database, for reads that can be one second old. ' +
        'The primary serves them while the replica lags or fails.',
    }),
  ),
  AUTH_DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: '`DATABASE_URL`',
      description: 'The same database by the login for sign-in: only this login can read password hashes and create sessions.',
    }),
  ),
  QUEUES_DATABASE_URL: Type.Optional(
    Type.String({
      ...POSTGRES_URL,
      secret: true,
      unset: '`DATABASE_URL`',
      description: 'The same database by a login that can change jobs, for `/admin/queues`.',
    }),
  ),
}

const cache = {
  REDIS_URL: Type.Optional(
    Type.String({
      pattern: '^rediss?://',
      must_be: 'a redis:// URL',
      secret: true,
      unset: 'a process that runs alone keeps both in memory',
      description: 'The Redis in which processes share the cache and the rate limits.',
    }),
  ),
}

const search = {
  ELASTICSEARCH_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s,]+(,\\s*https?://[^\\s,]+)*$',
      must_be: 'http:// or https:// URLs, separated by commas',
      secret: true,
      unset: 'PostgreSQL full-text search',
      description:
        'One node of Elasticsearch 9.5 or later, or several of one cluster, separated by commas. ' +
        'PostgreSQL searches while Elasticsearch fails or its index is being built.',
    }),
  ),
  SEARCH_INDEX: Type.String({
    pattern: '^[a-z][a-z0-9_-]{0,60}$',
    default: 'products',
    must_be: 'a name of lower-case letters, digits, _ and -',
    description: 'The alias of the index. Set it if several installations share one Elasticsearch.',
  }),
  SEARCH_SHARDS: Type.Integer({
    minimum: 1,
    maximum: 1024,
    default: 1,
    must_be: 'a whole number from 1 to 1024',
    description: 'The number of primary shards of the next index. Run `bun run reindex` after a change.',
  }),
  SEARCH_REPLICAS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 100,
      must_be: 'a whole number from 0 to 100',
      unset: '1 if there is a second node, else 0',
      description: 'The number of replicas of each shard. A restart applies it to the existing index.',
    }),
  ),
}

const payments = {
  STRIPE_SECRET_KEY: Type.Optional(
    Type.String({
      pattern: '^(sk|rk)_',
      must_be: 'a Stripe secret key (sk_… or rk_…)',
      secret: true,
      unset: 'the simulated provider',
      description: 'The secret key of Stripe. With it, Stripe takes the payments.',
    }),
  ),
  STRIPE_WEBHOOK_SECRETS: Type.Optional(
    Type.String({
      pattern: '^whsec_[^,]+(,\\s*whsec_[^,]+)*$',
      must_be: 'signing secrets (whsec_…) separated by commas',
      secret: true,
      unset: 'no webhooks',
      description: "The signing secrets of Stripe's webhook endpoint, separated by commas. Each of them is valid.",
    }),
  ),
  PAYMENTS: Type.Optional(
    Type.Literal('simulated', {
      must_be: 'simulated, or unset',
      unset: 'Stripe if its key is set, else simulated',
      description: '`simulated` moves no money. `NODE_ENV=production` requires this value or the key of Stripe.',
    }),
  ),
  STRIPE_API_URL: Type.Optional(
    Type.String({ ...HTTP_URL, unset: "Stripe's own", description: "The base URL of Stripe's API, for tests." }),
  ),
  SIMULATED_PAYMENTS_URL: Type.Optional(
    Type.String({
      ...HTTP_URL,
      unset: 'the provider runs inside the API process',
      description: 'The URL of a simulated provider that runs as its own process.',
    }),
  ),
  SIMULATED_WEBHOOK_SECRETS: Type.Optional(
    Type.String({
      pattern: '^[^,]{16,}(,[^,]{16,})*$',
      must_be: 'secrets of at least 16 characters separated by commas',
      secret: true,
      unset: 'no webhooks',
      description: 'The signing secrets of the simulated provider, separated by commas.',
    }),
  ),
}

/** Each start stores them in the table `settings`, because functions read them (store_settings). */
const payouts = {
  PAYOUT_PROVIDER: Type.Union([Type.Literal('manual'), Type.Literal('simulated'), Type.Literal('stripe')], {
    default: 'manual',
    must_be: 'one of manual, simulated, stripe',
    description:
      'Who pays the shops: an operator by hand (`manual`), Stripe, or `simulated`, which moves no money. ' +
      'A payout that is planned keeps its provider.',
  }),
  PAYOUT_MINIMUM: Type.String({
    pattern: '^\\d{1,8}(\\.\\d{1,2})?$',
    default: '25.00',
    must_be: 'an amount in US dollars with at most two decimals, such as 25.00',
    description: 'The least amount of a payout, in US dollars. Smaller amounts wait for further sales.',
  }),
  PAYOUT_HOLD_DAYS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 365,
      must_be: 'a whole number of days from 0 to 365',
      unset: '3 days after the delivery, or 14 after the shipping if no delivery is known',
      description: 'Days from the delivery of an order, or from its shipping, until its earnings are available to the shop.',
    }),
  ),
  PAYOUTS_PAUSED: Type.Boolean({
    ...BOOLEAN,
    default: false,
    description: 'Plans and sends no payout while it is true. Money that a provider has already taken goes on to its shop.',
  }),
}

const mail = {
  SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      must_be: 'an smtp:// or smtps:// URL',
      secret: true,
      unset: 'the log names the kind and the id of each mail',
      description: 'The mail server.',
    }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      pattern:
        '' +
        "^[\\w!#$%&'*+/=?^`{|}~-]+(\\.[\\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$",
      maxLength: 254,
      must_be: 'one e-mail address, such as shop@market.example',
      unset: '`no-reply@stallwright.invalid`, which mail servers reject',
      description: 'The sender of every mail.',
    }),
  ),
  REQUIRE_VERIFIED_EMAIL: Type.Optional(
    Type.Boolean({
      ...BOOLEAN,
      unset: '`true` if `SMTP_URL` is set, else `false`',
      description: 'Whether opening a shop, listing and reviewing need a verified e-mail.',
    }),
  ),
}

const pictures = {
  PICTURES_DIR: Type.Optional(
    Type.String({
      unset: '`.data/pictures`',
      description: 'The folder of the pictures, if one machine runs the whole service.',
    }),
  ),
  S3_BUCKET: Type.Optional(
    Type.String({
      unset: '`PICTURES_DIR`',
      description:
        'The bucket of the pictures, in S3 or a compatible store. Needs `S3_ACCESS_KEY_ID` and `S3_SECRET_ACCESS_KEY`.',
    }),
  ),
  S3_ACCESS_KEY_ID: Type.Optional(Type.String({ description: 'The id of the access key of `S3_BUCKET`.' })),
  S3_SECRET_ACCESS_KEY: Type.Optional(Type.String({ secret: true, description: 'The secret of the access key of `S3_BUCKET`.' })),
  S3_ENDPOINT: Type.Optional(
    Type.String({ ...HTTP_URL, unset: 'that of AWS', description: 'The URL of a store that is compatible with S3.' }),
  ),
  S3_REGION: Type.String({ default: 'us-east-1', description: 'The region of `S3_BUCKET`.' }),
}

/** The subset of OpenTelemetry's own variables that the service supports, with their standard meanings. */
const tracing = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      ...HTTP_URL,
      secret: true,
      unset: 'no traces',
      description: 'The base URL of an OTLP collector over HTTP: `http://localhost:4318`.',
    }),
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Type.Optional(
    Type.String({
      ...HTTP_URL,
      secret: true,
      unset: '`OTEL_EXPORTER_OTLP_ENDPOINT` + `/v1/traces`',
      description: 'The full URL for traces.',
    }),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: Type.Optional(
    Type.String({ secret: true, unset: 'none', description: 'Headers for the collector: `name=value,name=value`.' }),
  ),
  OTEL_TRACES_EXPORTER: Type.Optional(
    Type.Union([Type.Literal('otlp'), Type.Literal('none')], {
      must_be: 'otlp or none',
      unset: '`otlp` if an endpoint is set',
      description: '`otlp` or `none`.',
    }),
  ),
  OTEL_SDK_DISABLED: Type.Boolean({ ...BOOLEAN, default: false, description: '`true` turns traces off.' }),
  OTEL_SERVICE_NAME: Type.Optional(Type.String({ unset: '`stallwright`', description: 'The name of the service in traces.' })),
  OTEL_TRACES_SAMPLER: Type.Union(
    SAMPLERS.map((sampler) => Type.Literal(sampler)),
    {
      default: 'parentbased_always_on',
      must_be: `one of ${SAMPLERS.join(', ')}`,
      description: "The sampler. The default follows the caller's decision and records requests without one.",
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    must_be: 'a number from 0 to 1',
    description: 'The share of requests that `traceidratio` records.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: Type.Integer({
    minimum: 1,
    default: 5000,
    must_be: 'a number of milliseconds',
    description: 'Milliseconds between two exports.',
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: Type.Integer({
    minimum: 1,
    default: 2048,
    must_be: 'a whole number above 0',
    description: 'The number of spans that can wait. The exporter drops further spans.',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: Type.Integer({
    minimum: 1,
    default: 512,
    must_be: 'a whole number above 0',
    description: 'The number of spans in one export.',
  }),
  OTEL_BSP_EXPORT_TIMEOUT: Type.Integer({
    minimum: 1,
    default: 30_000,
    must_be: 'a number of milliseconds',
    description: 'Milliseconds that one export can take.',
  }),
}

const development = {
  CHECK_ANSWERS: Type.Boolean({
    ...BOOLEAN,
    default: false,
    description: 'Compares each response with its declared schema, for tests.',
  }),
}

/** The variables by the headings of docs/CONFIGURATION.md. Each variable has its default here and nowhere else. */
const groups = {
  Server: server,
  Operators: operators,
  Database: database,
  'Cache and rate limits': cache,
  Search: search,
  Payments: payments,
  Payouts: payouts,
  Mail: mail,
  Pictures: pictures,
  Tracing: tracing,
  Development: development,
}

const Environment = Type.Object({
  ...server,
  ...operators,
  ...database,
  ...cache,
  ...search,
  ...payments,
  ...payouts,
  ...mail,
  ...pictures,
  ...tracing,
  ...development,
})

export type Config = Static<typeof Environment>

/** Every variable by its name. */
export const variables = Environment.properties as Record<keyof Config, Variable>
/** The same variables by heading, in the order of the documents. */
export const variableGroups = groups as Record<string, Record<string, Variable>>
const names = Object.keys(variables) as (keyof Config)[]

/** Returns the configuration. Throws one Error that names every invalid variable and its valid form, without any value. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const { texts, complaints } = readTexts(environment)
  const parsed = Object.entries(texts).map(([name, text]) => [name, parseValue(name as keyof Config, text)])
  const values = Value.Default(Environment, Object.fromEntries(parsed))
  const bad = new Set([...Value.Errors(Environment, values)].map((error) => error.path.split('/')[1] as keyof Config))
  for (const name of bad) complaints.push(`${name} must be ${variables[name].must_be ?? 'valid'}`)
  if (complaints.length > 0) throw new Error(`Bad configuration: ${complaints.join('; ')}.`)
  return values as Config
}

/** Returns the configuration for the log. A secret URL keeps its scheme, host and path. Any other secret becomes `***`. */
export function redactConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, variables[name as keyof Config].secret ? redact(String(value)) : value]),
  )
}

type Texts = Partial<Record<keyof Config, string>>

/** Returns the text of each variable that is set, directly or by its `_FILE`. An empty variable counts as unset. */
function readTexts(environment: Record<string, string | undefined>): { texts: Texts; complaints: string[] } {
  const texts: Texts = {}
  const complaints: string[] = []
  for (const name of names) {
    const [text, file] = [environment[name], variables[name].secret && environment[`${name}_FILE`]]
    if (text && file) complaints.push(`${name} and ${name}_FILE are both set, keep one`)
    else if (text) texts[name] = text
    else if (file) {
      try {
        // Editors end a file with a line break, which is not part of the secret.
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

/** Parses a number or a boolean strictly, because TypeBox's own conversion accepts "1e3" and "true" as a port. */
function parseValue(name: keyof Config, value: string): unknown {
  const { type } = variables[name]
  if (type === 'integer' || type === 'number') return /^(\d+(\.\d+)?|\.\d+)$/.test(value) ? Number(value) : value
  if (type === 'boolean') return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value
  return value
}

/** Masks the credentials of a URL, or of several URLs separated by commas, and drops their query strings. */
function redact(secret: string): string {
  const urls = secret.split(/,\s*(?=https?:)/)
  if (urls.length > 1) return urls.map(redact).join(',')
  const url = secret.includes('://') ? URL.parse(secret) : null
  return url ? `${url.protocol}//${url.username ? '***@' : ''}${url.host}${url.pathname}` : '***'
}
