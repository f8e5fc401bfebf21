import fc from 'fast-check'
import { findWrongLedger } from '../../support/ledger.ts'
import { failAll } from '../checks/invariants.ts'
import { openPlayground, type Playground, performCommand, readState, readStocks } from '../model/actual.ts'
import { commandSequences } from '../model/commands.ts'
import { type Command, expectCommand, newModel } from '../model/expected.ts'
import { isOfSeller } from '../model/seller.ts'
import { stateOf, stocksOf } from '../model/state.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { openDatabase } from '../servers/servers.ts'

const COMMANDS = 50
/** The limit for the time to shrink a counterexample. */
const SHRINK_AT_MOST_MS = 60_000

export const model: Scenario = {
  name: 'model',
  claim: 'The stored functions do what a model of a few hundred lines in memory does, whatever is asked of them',
  test: async (run) => {
    const runs = countFor(run, 1000)
    const database = await openDatabase(run)
    const sql = await database.sql.reserve()
    run.defer(async () => sql.release())
    // No server crashes in this scenario, and a wait for the disk after each command would take most of the time.
    await sql`set synchronous_commit = off`
    let done = 0
    let failed_at = 0
    const property = fc.asyncProperty(commandSequences(COMMANDS), async (commands) => {
      if (failed_at > 0 && performance.now() - failed_at > SHRINK_AT_MOST_MS) return
      try {
        await follow(await openPlayground(sql), commands)
      } catch (error) {
        if (failed_at === 0) failed_at = performance.now()
        throw error
      }
      if (failed_at === 0) run.progress(++done, runs, `${done * COMMANDS} commands`)
    })
    const details = await fc.check(property, { numRuns: runs, seed: run.seed })
    if (details.failed) describeFailure(run, details)
    failAll(run, await findWrongLedger(sql))
    return `${done} of ${runs} runs of ${COMMANDS} commands, seed ${run.seed}`
  },
}

/**
 * Runs each command in the model and in the database. Throws at the first difference in the results or in the state after it, and
 * if a command of another person than the seller changes the sum of a stock. At the end db/ops/stock_equation.sql has the same sums.
 */
async function follow(playground: Playground, commands: (Command | null)[]): Promise<void> {
  const model = newModel()
  for (const command of commands) {
    if (command === null) continue
    const before = JSON.stringify(stocksOf(model))
    const expected = expectCommand(model, command)
    if (!isOfSeller(command) && JSON.stringify(stocksOf(model)) !== before)
      throw new Error(`${JSON.stringify(command)} changes the stock ${before} to ${JSON.stringify(stocksOf(model))}`)
    const actual = await performCommand(playground, command)
    if (actual !== expected) throw new Error(`${JSON.stringify(command)} returns "${actual}", the model "${expected}"`)
    const [here, there] = [JSON.stringify(stateOf(model)), JSON.stringify(await readState(playground))]
    if (here !== there) throw new Error(`after ${JSON.stringify(command)} the database holds ${there}, the model ${here}`)
  }
  const [here, there] = [JSON.stringify(stocksOf(model)), JSON.stringify(await readStocks(playground))]
  if (here !== there) throw new Error(`at the end the stock equation has ${there}, the model ${here}`)
}

function describeFailure(run: Run, details: fc.RunDetails<[(Command | null)[]]>): void {
  const commands = details.counterexample?.[0].filter((command) => command !== null) ?? []
  const error = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance)
  const texts = commands.map((one) => JSON.stringify(one))
  run.fail(`seed ${details.seed}, shrunk to ${commands.length} commands: ${texts.join(' ')}: ${error}`)
}
