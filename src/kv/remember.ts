import type { KeyValue } from './key_value.ts'

/** Cache-aside: the stored text, or what `load` answers, kept for ttl_s. */
export async function remember(kv: KeyValue, key: string, ttl_s: number, load: () => Promise<string>): Promise<string> {
  const known = await kv.get(key)
  if (known !== null) return known
  const value = await load()
  await kv.set(key, value, ttl_s)
  return value
}
