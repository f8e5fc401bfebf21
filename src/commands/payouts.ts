/** `bun run payouts`: the payouts that an operator pays by hand. */
import { Type } from '@sinclair/typebox'
import { type Debtor, type ManualPayout, renderCsv, renderPain001 } from '../domains/payouts/payout_file.ts'
import { readArguments, readWhole, runCommand, UsageError } from '../platform/arguments.ts'
import { openPool, type Pool } from '../platform/db/client.ts'
import { routine } from '../platform/db/statement.ts'
import { Nullable, Numeric, Timestamptz, Void } from '../platform/db/types.ts'
import { withDatabase } from './with_database.ts'

const sendManualPayouts = routine(
  'send_manual_payouts',
  { again: Nullable(Type.String()) },
  {
    payout_id: Type.Integer(),
    file_id: Nullable(Type.String()),
    shop_id: Type.Integer(),
    holder_name: Nullable(Type.String()),
    iban: Nullable(Type.String()),
    amount: Numeric,
    created_at: Timestamptz,
    total: Nullable(Numeric),
    remark: Nullable(Type.String()),
  },
)

const checkBankAccount = routine(
  'check_bank_account',
  { holder_name: Type.String(), iban: Type.String() },
  { check_bank_account: Void },
)

const settleManualPayout = routine(
  'settle_manual_payout',
  { payout_id: Type.Integer(), outcome: Type.String(), failure_reason: Nullable(Type.String()) },
  { settle_manual_payout: Type.String() },
)

const usage = `Usage: bun run payouts --file csv [--again FILE_ID] > payouts.csv
       bun run payouts --file pain.001 --name "My Market" --iban DE… [--again FILE_ID] > payouts.xml
       bun run payouts --paid ID…
       bun run payouts --failed ID… [--reason TEXT]      never left your bank
       bun run payouts --returned ID… [--reason TEXT]    came back after it was paid

--file writes the planned payouts of PAYOUT_PROVIDER=manual, and marks them as sent, so that the next file does not have them.
The error output names the file, and lists the payouts that are not in it. A payout waits while its shop has no active bank
account, or changed it within three days. A payout whose shop owes money by now has failed, and its next one is less.
--again writes a file once more, with the same payouts and bank accounts. Ask your bank first whether it has the file, because not
every bank rejects a file that it had before. --name and --iban are your own bank account.`

const OUTCOMES = ['paid', 'failed', 'returned'] as const

await runCommand(usage, async () => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values, positionals } = readArguments({
    ...{ file: text, name: text, iban: text, reason: text, again: text },
    ...{ paid: flag, failed: flag, returned: flag },
  })
  const outcomes = OUTCOMES.filter((outcome) => values[outcome])
  const [outcome] = outcomes
  if ((values.file === undefined ? 0 : 1) + outcomes.length !== 1)
    throw new UsageError('payouts takes one of --file, --paid, --failed and --returned')
  const work = outcome
    ? settleAll(outcome, positionals, values.reason)
    : writeFile(readFormat(values.file, values.name, values.iban), typeof values.again === 'string' ? values.again : null)
  return await withDatabase(async (url) => {
    const sql = openPool(url, { max: 1, name: 'stallwright payouts', statement_timeout_ms: 60_000 })
    try {
      return await work(sql)
    } finally {
      await sql.end({ timeout: 5 })
    }
  })
})

type Text = string | boolean | undefined
type Work = (sql: Pool) => Promise<number>
/** `debtor` is null for a table. */
type Format = { debtor: Debtor | null; render: (payouts: ManualPayout[], file_id: string) => string }

/** Returns how to write the file. A bank needs to know whose money it is. */
function readFormat(format: Text, name: Text, iban: Text): Format {
  if (format === 'csv') return { debtor: null, render: renderCsv }
  if (format !== 'pain.001') throw new UsageError('--file must be csv or pain.001')
  if (typeof name !== 'string' || typeof iban !== 'string') throw new UsageError('--file pain.001 needs --name and --iban')
  const debtor: Debtor = { name, iban: iban.replace(/\s/g, '').toUpperCase() }
  // A repeated file has another date, because banks reject one that is over.
  return { debtor, render: (payouts, file_id) => renderPain001(payouts, debtor, file_id, new Date()) }
}

/** Prints the file. The payouts are sent before, so that a failure cannot print them twice. */
function writeFile({ debtor, render }: Format, again: string | null): Work {
  return async (sql) => {
    if (debtor) await checkBankAccount.one(sql, { holder_name: debtor.name, iban: debtor.iban })
    const rows = await sendManualPayouts.many(sql, { again })
    for (const { remark } of rows) if (remark !== null) console.error(remark)
    const payable = rows.flatMap(({ file_id, holder_name, iban, total, ...row }) =>
      file_id !== null && holder_name !== null && iban !== null && total !== null
        ? [{ ...row, file_id, holder_name, iban, total }]
        : [],
    )
    const [first] = payable
    if (!first) {
      console.error('There is nothing to pay.')
      return 0
    }
    await new Promise<void>((resolve) => process.stdout.write(render(payable, first.file_id), () => resolve()))
    console.error(`This is the file ${first.file_id}.`)
    return 0
  }
}

/** Settles payouts one by one, and prints the status of each. */
function settleAll(outcome: (typeof OUTCOMES)[number], ids: string[], reason: Text): Work {
  if (ids.length === 0) throw new UsageError(`--${outcome} needs the ids of payouts`)
  const payout_ids = ids.map((id) => readWhole(outcome, id, 1, Number.MAX_SAFE_INTEGER))
  return async (sql) => {
    let others = 0
    for (const payout_id of payout_ids) {
      const failure_reason = typeof reason === 'string' ? reason : null
      const { settle_manual_payout: status } = await settleManualPayout.one(sql, { payout_id, outcome, failure_reason })
      console.log(`${payout_id} ${status}`)
      if (status !== outcome) others++
    }
    if (others > 0) console.error(`${others} payouts have another status: see above.`)
    return others > 0 ? 1 : 0
  }
}
