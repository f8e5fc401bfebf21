import { makePeople } from '../../support/people.ts'
import { buy, keepCart, read, sell, signOut } from './roles.ts'
import type { Traffic } from './traffic.ts'

/** Starts all roles at these processes. The returned function stops them and waits for their last turns. */
export async function startTraffic(traffic: Traffic, urls: string[]): Promise<() => Promise<void>> {
  const { users, servers } = traffic
  traffic.urls = urls
  traffic.is_running = true
  const keepers = await makePeople(servers.sql, users.carts)
  const loop = async (turn: (turns: number) => Promise<void>, pause_ms: number) => {
    for (let turns = 0; traffic.is_running; turns++) {
      await turn(turns)
      await Bun.sleep(pause_ms * (0.5 + traffic.random()))
    }
  }
  const everybody = [
    loop((turn) => sell(traffic, turn), users.writer_pause_ms),
    ...Array.from({ length: users.readers }, (_, place) => loop((turn) => read(traffic, place + turn), users.reader_pause_ms)),
    ...keepers.map((keeper, place) => loop((turn) => keepCart(traffic, keeper, place + turn), users.reader_pause_ms)),
    loop((turn) => signOut(traffic, turn), 3 * users.reader_pause_ms),
    ...Array.from({ length: users.buyers }, (_, place) => loop((turn) => buy(traffic, place + turn), 5 * users.writer_pause_ms)),
  ]
  return async () => {
    traffic.is_running = false
    await Promise.all(everybody)
  }
}
