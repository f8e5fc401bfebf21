import type { Services } from './http/env.ts'
import type { Config } from './platform/config.ts'

type Settings = Pick<
  Services,
  | 'operator_token'
  | 'has_operations_port'
  | 'security_contact'
  | 'public_url'
  | 'quota_scale'
  | 'requires_verified'
  | 'cors_origins'
  | 'trusted_proxies'
  | 'check_answers'
>

/** The part of the API's services that comes straight from the configuration. */
export function settingsOf(config: Config): Settings {
  return {
    operator_token: config.OPERATOR_TOKEN ?? null,
    has_operations_port: config.OPERATIONS_PORT !== undefined,
    security_contact: config.SECURITY_CONTACT ?? null,
    public_url: config.PUBLIC_URL?.replace(/\/+$/, ''),
    requires_verified: config.REQUIRE_VERIFIED_EMAIL ?? config.SMTP_URL !== undefined,
    quota_scale: String(config.RATE_LIMIT_SCALE),
    cors_origins: config.CORS_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [],
    trusted_proxies: config.TRUSTED_PROXIES,
    check_answers: config.CHECK_ANSWERS,
  }
}
