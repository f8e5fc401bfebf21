/** The balancer's certificate, for an installation without its own. It is self-signed, for the name of this machine. */
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { writeWhole } from './write_whole.ts'

const DAY_MS = 86_400_000
/** Browsers accept no certificate that is valid for longer (https://support.apple.com/en-us/102028). */
const VALID_DAYS = 397
/** A start less than this time before the end of the certificate makes a new one. */
const RENEW_DAYS = 30

/**
 * Creates certificate.pem and its key, unless the existing certificate is valid for long enough. The key is beside it, under the
 * name that HAProxy looks for (certificate.pem.key).
 */
export async function keepCertificate(folder: string): Promise<void> {
  const path = join(folder, 'certificate.pem')
  if (existsSync(path) && isValidFor(readFileSync(path), RENEW_DAYS)) return
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  // The key comes first, so that an existing certificate always has its key.
  writeWhole(`${path}.key`, made.private)
  writeWhole(path, made.cert)
}

function isValidFor(certificate: Buffer, days: number): boolean {
  return new X509Certificate(certificate).validToDate.getTime() > Date.now() + days * DAY_MS
}
