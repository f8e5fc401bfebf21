import type { Runtime } from './adapter.ts'

async function findRuntime(): Promise<Runtime> {
  if ('Bun' in globalThis) return (await import('./bun.ts')).bun
  if ('Deno' in globalThis) return (await import('./deno.ts')).deno
  return (await import('./node.ts')).node
}

/** The one that this process runs on; the others are not even loaded. What the adapters import must not import this. */
export const runtime: Runtime = await findRuntime()
