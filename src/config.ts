import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** The environment that the service reads. Every variable has its default here and nowhere else. */
const Environment = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 3000 }),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  READ_DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  REDIS_URL: Type.Optional(Type.String({ pattern: '^rediss?://' })),
  ELASTICSEARCH_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  SEARCH_INDEX: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,60}$', default: 'products' }),
  STRIPE_SECRET_KEY: Type.Optional(Type.String({ pattern: '^(sk|rk)_' })),
  STRIPE_WEBHOOK_SECRETS: Type.Optional(Type.String({ pattern: '^whsec_[^,]+(,\\s*whsec_[^,]+)*$' })),
  STRIPE_API_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: "Stripe's own unless a test says otherwise." }),
  ),
  SIMULATED_PAYMENTS_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  SIMULATED_WEBHOOK_SECRETS: Type.Optional(Type.String({ pattern: '^[^,]{16,}(,[^,]{16,})*$' })),
  SMTP_URL: Type.Optional(Type.String({ pattern: '^smtps?://' })),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    { default: 'info' },
  ),
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^\\s?#]+$' })),
  PICTURES_DIR: Type.Optional(Type.String()),
  S3_BUCKET: Type.Optional(Type.String()),
  S3_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  S3_REGION: Type.String({ default: 'us-east-1' }),
  S3_ACCESS_KEY_ID: Type.Optional(Type.String()),
  S3_SECRET_ACCESS_KEY: Type.Optional(Type.String()),
  RATE_LIMIT_SCALE: Type.Number({ exclusiveMinimum: 0, default: 1 }),
  TRUSTED_PROXIES: Type.Integer({ minimum: 0, maximum: 10, default: 0 }),
  CORS_ORIGINS: Type.Optional(Type.String({ pattern: '^https?://[^\\s,/*]+(,\\s*https?://[^\\s,/*]+)*$' })),
  SEARCH_RANKING: Type.Union([Type.Literal('tiered'), Type.Literal('brief')], { default: 'tiered' }),
  OPERATOR_TOKEN: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{16,200}$' })),
  CHECK_ANSWERS: Type.Boolean({ default: false, description: 'Checks each answer against its schema; for tests.' }),
})

export type Config = Static<typeof Environment>

/** Reads the environment, or throws one Error that names every bad variable and what it should be. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.entries(environment).filter(
    ([name, value]) => name in Environment.properties && value !== undefined && value !== '',
  )
  const values = Value.Default(Environment, Object.fromEntries(set.map(([name, value]) => [name, spelled(name, value ?? '')])))
  const wrong = [...Value.Errors(Environment, values)].map((error) => error.path.split('/')[1] ?? '')
  if (wrong.length > 0) throw new Error(`Bad configuration: ${[...new Set(wrong)].map(describeVariable).join('; ')}.`)
  return values as Config
}

/** A number or boolean that is spelled as one; TypeBox's own conversion would take "1e3" or "true" for a port. */
function spelled(name: string, value: string): unknown {
  const { type } = Environment.properties[name as keyof Config] as { type?: string }
  if (type === 'integer' || type === 'number') return /^\d+(\.\d+)?$/.test(value) ? Number(value) : value
  if (type === 'boolean') return /^(true|false)$/.test(value) ? value === 'true' : value
  return value
}

function describeVariable(name: string): string {
  return `${name} must be ${expectations[name] ?? 'valid'}`
}

const expectations: Record<string, string> = {
  PORT: 'a port number from 0 to 65535',
  DATABASE_URL: 'a postgres:// URL',
  READ_DATABASE_URL: 'a postgres:// URL',
  REDIS_URL: 'a redis:// URL',
  ELASTICSEARCH_URL: 'an http:// or https:// URL',
  SEARCH_INDEX: 'a name of lower-case letters, digits, _ and -',
  STRIPE_SECRET_KEY: 'a Stripe secret key (sk_… or rk_…)',
  STRIPE_WEBHOOK_SECRETS: 'signing secrets (whsec_…) separated by commas',
  STRIPE_API_URL: 'an http:// or https:// URL',
  SIMULATED_PAYMENTS_URL: 'an http:// or https:// URL',
  SIMULATED_WEBHOOK_SECRETS: 'secrets of at least 16 characters separated by commas',
  SMTP_URL: 'an smtp:// or smtps:// URL',
  LOG_LEVEL: 'one of fatal, error, warn, info, debug, trace, silent',
  PUBLIC_URL: 'an http:// or https:// URL',
  S3_ENDPOINT: 'an http:// or https:// URL',
  RATE_LIMIT_SCALE: 'a number above 0',
  TRUSTED_PROXIES: 'a whole number from 0 to 10',
  CORS_ORIGINS: 'origins such as https://shop.example, separated by commas',
  SEARCH_RANKING: 'tiered or brief',
  OPERATOR_TOKEN: 'at least 16 printable ASCII characters without spaces',
  CHECK_ANSWERS: 'true or false',
}
