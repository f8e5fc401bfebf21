/** `bun start`: migrate, load the shipped catalogue into an empty database, serve; ends cleanly on SIGTERM and SIGINT. */
import { readConfig } from './config.ts'
import { onNpxEnd } from './npm_parent.ts'
import { type Service, startService } from './service.ts'

const say = (line: string) => console.log(line)

/** Ends a service that is up, or still on its way up, once, whichever signals come. */
function stopOn(signals: NodeJS.Signals[], starting: Promise<Service>): void {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    say(`${signal}: finishing what runs…`)
    const service = await starting.catch(() => null)
    await service?.stop()
    process.exit(0)
  }
  for (const signal of signals) process.on(signal, () => void stop(signal))
  onNpxEnd(() => void stop('npx has ended'))
}

try {
  const starting = startService(readConfig(process.env), say)
  stopOn(['SIGTERM', 'SIGINT'], starting)
  const { url } = await starting
  say(`Stallwright serves on ${url}  (a search page: ${url}/demo, API reference: ${url}/docs)`)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
