/** HTTP as it is sent: `fetch` would normalize a path, add a Host and speak HTTP/1.1 alone. */
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type RawAnswer = { status: number; head: string; body: string }

/** Sends these bytes to a server and reads until it closes; status 0 where it closes without an answer. */
export function sendRaw(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname: host, port, protocol } = new URL(url)
  const to = { host, port: Number(port) }
  // A certificate made for a test is signed by nobody.
  const socket = protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to)
  socket.write(bytes)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const answer = () => resolve(readAnswer(Buffer.concat(chunks).toString()))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('close', answer)
    socket.on('error', (error: Error & { code?: string }) => (error.code === 'ECONNRESET' ? answer() : reject(error)))
  })
}

/** A GET for this target, spelled just so. */
export function getRaw(url: string, target: string, host = 'shop.example'): Promise<RawAnswer> {
  return sendRaw(url, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

function readAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)]
  return { status: Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0), head, body }
}
