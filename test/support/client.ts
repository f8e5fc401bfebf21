/** The HTTP client of tests, fault injection, benches and the replay. */

/** `text` is the body byte for byte. `body` is the parsed body, or undefined if the body is empty or not JSON. */
export type Answer<T> = { status: number; headers: Headers; text: string; body: T }

/** `body` is sent as JSON. `raw` is sent as it is, with the Content-Type of `headers` or without one. */
export type Input = { body?: unknown; raw?: BodyInit; headers?: Record<string, string>; token?: string | undefined }

export type Api = <T = unknown>(method: string, path: string, input?: Input) => Promise<Answer<T>>

/** Returns a client of the server at `url`. `ca` is the certificate to trust if no authority signed the server's certificate. */
export function openApi(url: string, { ca, timeout_ms }: { ca?: string; timeout_ms?: number } = {}): Api {
  return async <T>(method: string, path: string, input: Input = {}): Promise<Answer<T>> => {
    const headers = new Headers(input.headers)
    if (input.token) headers.set('Authorization', `Bearer ${input.token}`)
    if (input.body !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json')
    const body = input.raw ?? (input.body === undefined ? undefined : JSON.stringify(input.body))
    const response = await fetch(url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(ca && { tls: { ca } }),
      ...(timeout_ms && { signal: AbortSignal.timeout(timeout_ms) }),
    })
    const text = await response.text()
    const is_json = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, text, body: (is_json ? JSON.parse(text) : undefined) as T }
  }
}
