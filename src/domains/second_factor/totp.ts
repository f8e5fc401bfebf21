import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { hashToken } from '../../platform/token.ts'

/** How many recovery codes an account gets with a second factor. */
const RECOVERY_CODES = 10
/** RFC 6238, 5.2: a code of the step before or after counts, because clocks differ and typing takes time. */
const DRIFT_STEPS = 1

/** What a given code can be: the TOTP of a time step (null: of none), or a recovery code by its hash. Both null without a code. */
export type CodeProof = { factor_step: number | null; code_hash: Uint8Array | null }

/** Returns a new secret of 160 bits, as RFC 4226, 4 recommends. */
export function makeSecret(): Uint8Array {
  return randomBytes(20)
}

/** Returns new recovery codes: 80 random bits each, as four groups of four letters and digits. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = new Secret({ size: 10 }).base32.toLowerCase()
    return (letters.match(/.{4}/g) as string[]).join('-')
  })
}

/** Returns the secret as text, and the URL that authenticator apps read from a QR code. */
export function describeSecret(secret: Uint8Array, email: string): { secret: string; otpauth_url: string } {
  const totp = totpOf(secret, email)
  return { secret: totp.secret.base32, otpauth_url: totp.toString() }
}

/** Returns what a code can be. use_second_factor decides whether it counts. */
export function readCode(code: string | undefined, secret: Uint8Array | null): CodeProof {
  if (code === undefined) return { factor_step: null, code_hash: null }
  const token = plain(code)
  return { factor_step: secret && findStep(token, secret), code_hash: hashToken(token) }
}

/** Returns the hash of a recovery code in hexadecimal digits. It has 80 random bits, so a slow hash would add nothing. */
export function hashRecoveryCode(code: string): string {
  return Buffer.from(hashToken(plain(code))).toString('hex')
}

/** Returns the time step of which the token is the TOTP, or null. */
function findStep(token: string, secret: Uint8Array): number | null {
  const totp = totpOf(secret)
  const timestamp = Date.now()
  const delta = totp.validate({ token, timestamp, window: DRIFT_STEPS })
  return delta === null ? null : totp.counter({ timestamp }) + delta
}

/** The values that every authenticator app supports. */
function totpOf(secret: Uint8Array, label = ''): TOTP {
  const bytes = Uint8Array.from(secret).buffer
  return new TOTP({
    issuer: 'Stallwright',
    label,
    secret: new Secret({ buffer: bytes }),
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
  })
}

function plain(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase()
}
