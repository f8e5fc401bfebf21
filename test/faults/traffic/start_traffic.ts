import { makePeople } from '../../support/people.ts'
import { buy, keepCart, read, sell, signOut } from './roles.ts'
import type { Traffic } from './traffic.ts'

/** Starts all roles at these processes. The returned function stops them and waits for their last turns. */
export async function startTraffic(traffic: Traffic, urls: string[]): Promise<() => Promise<void>> {
  const { crowd, stage } = traffic
  traffic.urls = urls
  traffic.is_running = true
  const keepers = await makePeople(stage.sql, crowd.carts)
  const loop = async (turn: (turns: number) => Promise<void>, pause_ms: number) => {
    for (let turns = 0; traffic.is_running; turns++) {
      await turn(turns)
      await Bun.sleep(pause_ms * (0.5 + traffic.random()))
    }
  }
  const everybody = [
    loop((turn) => sell(traffic, turn), crowd.writer_pause_ms),
    ...Array.from({ length: crowd.readers }, (_, place) => loop((turn) => read(traffic, place + turn), crowd.reader_pause_ms)),
    ...keepers.map((keeper, place) => loop((turn) => keepCart(traffic, keeper, place + turn), crowd.reader_pause_ms)),
    loop((turn) => signOut(traffic, turn), 3 * crowd.reader_pause_ms),
    ...Array.from({ length: crowd.buyers }, (_, place) => loop((turn) => buy(traffic, place + turn), 5 * crowd.writer_pause_ms)),
  ]
  return async () => {
    traffic.is_running = false
    await Promise.all(everybody)
  }
}
