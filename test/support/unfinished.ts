/** Requests with an incomplete body, as slow or hostile clients send them. */
import { connect } from 'node:net'

/** A request in progress. `answer` resolves to the status and the body of the response. */
export type Unfinished = { answer: Promise<{ status: number; text: string }>; close: () => void }

export type UnfinishedInput = {
  token?: string | undefined
  /** Sent as X-Forwarded-For. */
  address?: string
  type?: string
  /** The value of Content-Length. */
  declared?: number
  /** The part of the body that is sent. */
  sent?: Uint8Array
}

/** Sends the headers and a part of the body, and then nothing more. Returns after it has written them. */
export async function sendUnfinished(
  url: string,
  method: string,
  path: string,
  input: UnfinishedInput = {},
): Promise<Unfinished> {
  const { token, address, type = 'application/json', declared = 1000, sent = new Uint8Array([123]) } = input
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const answer = Promise.withResolvers<{ status: number; text: string }>()
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    const [head, length] = [text.indexOf('\r\n\r\n'), /\r\ncontent-length: (\d+)/i.exec(text)?.[1]]
    const body = text.slice(head + 4)
    if (head !== -1 && length && body.length >= Number(length)) answer.resolve({ status: Number(text.slice(9, 12)), text: body })
  })
  socket.on('error', () => {})
  socket.on('close', () => answer.reject(new Error(`The connection ended without an answer: ${text.slice(0, 200)}`)))
  // A caller that closes the request does not wait for its response.
  answer.promise.catch(() => {})
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const headers = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Content-Type: ${type}`,
    `Content-Length: ${declared}`,
    ...(token ? [`Authorization: Bearer ${token}`] : []),
    ...(address ? [`X-Forwarded-For: ${address}`] : []),
  ]
  socket.write(`${headers.join('\r\n')}\r\n\r\n`)
  socket.write(sent)
  return { answer: answer.promise, close: () => void socket.destroy() }
}
