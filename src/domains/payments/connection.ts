/** Whether no connection came about, so that surely no request was sent. Bun and Node name that differently. */
export function isNeverConnected(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown }
  if (code === 'ConnectionRefused' || code === 'ECONNREFUSED' || code === 'ENOTFOUND') return true
  return cause !== undefined && cause !== null && isNeverConnected(cause)
}
