/** Stripe's own mock: it checks each parameter against Stripe's API description, and answers with examples. */
import { findProgram } from './requirements.ts'
import { findFreePort } from './simulated_payments.ts'

export type StripeMock = { url: string; stop: () => Promise<void> }

export async function startStripeMock(): Promise<StripeMock> {
  const port = await findFreePort()
  const mock = Bun.spawn([findProgram('stripe-mock') as string, '-http-port', String(port)], {
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  const isThere = () =>
    fetch(`${url}/v1/balance`).then(
      () => true,
      () => false,
    )
  while (!(await isThere())) await Bun.sleep(20)
  const stop = async () => {
    mock.kill()
    await mock.exited
  }
  return { url, stop }
}
