/** Whether the connection failed, so that no request was sent. Bun and Node have different codes for it. */
export function isNeverConnected(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown }
  if (code === 'ConnectionRefused' || code === 'ECONNREFUSED' || code === 'ENOTFOUND') return true
  return cause !== undefined && cause !== null && isNeverConnected(cause)
}
