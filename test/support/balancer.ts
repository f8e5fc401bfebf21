/** HAProxy with the shipped ops/haproxy/haproxy.cfg. A test replaces only the addresses and the path of the certificate. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepCertificate } from '../../src/deploy/containers/certificate.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { findProgram } from './requirements.ts'
import { findFreePort } from './simulated_payments.ts'

/** `ca` is the certificate to trust. `plain_url` is the address without TLS. `said` returns the log so far. */
export type Balancer = { url: string; ca: string; plain_url: string; said: () => string; stop: () => Promise<void> }

/** Starts HAProxy in front of these addresses and waits until it listens. `variables` are its environment. */
export async function startBalancer(hosts: string[], variables: Record<string, string> = {}): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-balancer-'))
  await keepCertificate(folder)
  const [plain, tls] = [await findFreePort(), await findFreePort()]
  const servers = hosts.map((host, index) => `server api${index} ${host.replace('localhost', '127.0.0.1')}`).join('\n  ')
  const shipped = readFileSync(join(projectRoot, 'ops/haproxy/haproxy.cfg'), 'utf8')
  const config = shipped
    .replace('bind :8080', `bind 127.0.0.1:${plain}`)
    .replace('bind :8443', `bind 127.0.0.1:${tls}`)
    .replace('/run/secrets', folder)
    .replace(/server-template .*/, servers)
  writeFileSync(join(folder, 'haproxy.cfg'), config)
  const child = Bun.spawn([findProgram('haproxy') as string, '-f', join(folder, 'haproxy.cfg')], {
    env: { ...process.env, ...variables },
    stdout: 'pipe',
    stderr: 'ignore',
  })
  let said = ''
  void (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout) said += decoder.decode(chunk, { stream: true })
  })()
  const stop = async () => {
    child.kill()
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `https://127.0.0.1:${tls}`
  const ca = readFileSync(join(folder, 'certificate.pem'), 'utf8')
  while (!(await fetch(url, { tls: { ca } }).catch(() => null))) {
    if (child.exitCode !== null) throw new Error('HAProxy refuses its configuration.')
    await Bun.sleep(20)
  }
  return { url, ca, plain_url: `http://127.0.0.1:${plain}`, said: () => said, stop }
}
