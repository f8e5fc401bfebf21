/** Sends HTTP unchanged. `fetch` normalizes the path, adds a Host header, and supports only HTTP/1.1. */
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { connect as connectTls, type SecureVersion } from 'node:tls'

export type RawAnswer = { status: number; head: string; body: string }

/** Sends these bytes to a server and reads until the server closes. The status is 0 if it closes without a response. */
export function sendRaw(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname: host, port, protocol } = new URL(url)
  const to = { host, port: Number(port) }
  // No authority has signed a certificate that a test makes.
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

/** Sends a GET with exactly this target. */
export function getRaw(url: string, target: string, host = 'shop.example'): Promise<RawAnswer> {
  return sendRaw(url, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

/**
 * Opens an HTTP/2 connection to a server with this certificate. The function that it returns sends a GET for a target. The status
 * is 0 if the server refuses the target without a response.
 */
export function openHttp2(url: string, ca: string): { (target: string): Promise<RawAnswer>; close: () => void } {
  const session = connectHttp2(url, { ca })
  const get = (target: string) =>
    new Promise<RawAnswer>((resolve) => {
      const request = session.request({ ':path': target })
      const answer: RawAnswer = { status: 0, head: '', body: '' }
      request.setEncoding('utf8')
      request.on('response', (headers) => {
        answer.status = headers[':status'] ?? 0
        answer.head = Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\r\n')
      })
      request.on('data', (text: string) => {
        answer.body += text
      })
      request.on('error', () => resolve(answer))
      request.on('close', () => resolve(answer))
    })
  return Object.assign(get, { close: () => session.close() })
}

/** Connects with this version of TLS only. Returns the agreed version, or null if the server refuses. */
export function agreeOnTls(url: string, version: SecureVersion): Promise<string | null> {
  const { hostname: host, port } = new URL(url)
  const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false, minVersion: version, maxVersion: version })
  return new Promise((resolve) => {
    socket.on('secureConnect', () => resolve(socket.getProtocol()))
    socket.on('error', () => resolve(null))
  }).then((agreed) => {
    socket.destroy()
    return agreed as string | null
  })
}

function readAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)]
  return { status: Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0), head, body }
}
