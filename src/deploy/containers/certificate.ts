/** The balancer's certificate, where an installation has none of its own: signed by itself, for this machine's own name. */
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { writeWhole } from './write_whole.ts'

const DAY_MS = 86_400_000
/** Browsers take no certificate that is valid for longer, https://support.apple.com/en-us/102028. */
const VALID_DAYS = 397
/** A start within this time of its end makes a new one. */
const RENEW_DAYS = 30

/** Makes certificate.pem and, beside it, its key as HAProxy looks for it (certificate.pem.key), unless the one there is valid for long enough. */
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
  // The key first: a certificate that is there is whole.
  writeWhole(`${path}.key`, made.private)
  writeWhole(path, made.cert)
}

function isValidFor(certificate: Buffer, days: number): boolean {
  return new X509Certificate(certificate).validToDate.getTime() > Date.now() + days * DAY_MS
}
