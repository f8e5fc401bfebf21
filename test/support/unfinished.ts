/** Requests whose body does not come to its end, as slow or hostile clients send them. */
import { connect } from 'node:net'

/** A request that is under way. `answer` waits for the status line and the body of the answer. */
export type Unfinished = { answer: Promise<{ status: number; text: string }>; close: () => void }

export type UnfinishedInput = {
  token?: string | undefined
  /** Sent as X-Forwarded-For. */
  address?: string
  type?: string
  /** What Content-Length says. */
  declared?: number
  /** What is sent of it. */
  sent?: Uint8Array
}

/** Sends headers and a part of the body, and then nothing more. Returns when all of that is on its way. */
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
  // Who closes it does not wait for an answer.
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
