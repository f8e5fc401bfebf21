import type { Runtime } from './adapter.ts'

async function findRuntime(): Promise<Runtime> {
  if ('Bun' in globalThis) return (await import('./bun.ts')).bun
  if ('Deno' in globalThis) return (await import('./deno.ts')).deno
  return (await import('./node.ts')).node
}

/** The runtime of this process. The other adapters are not loaded. The adapters' own imports must not import this module. */
export const runtime: Runtime = await findRuntime()
