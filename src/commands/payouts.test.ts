import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { testDatabase } from '../../db/test/test_database.ts'
import { runScript } from '../../test/support/commands.ts'
import { findWrongLedger } from '../../test/support/ledger.ts'
import { renderCsv, renderPain001 } from '../domains/payouts/payout_file.ts'

const db = await testDatabase()
const IBAN = 'DE89370400440532013000'
const OTHER_IBAN = 'GB82WEST12345698765432'

const PAIN = ['--file', 'pain.001', '--name', 'My Market', '--iban', 'GB82 WEST 1234 5698 7654 32']
const payouts = (...words: string[]) => runScript('payouts', words, { DATABASE_URL: db.url })

/** A planned manual payout of 23.00. */
async function makePlanned(bank?: { holder_name: string; iban: string }) {
  const sale = await db.makeSale({ outcome: null })
  await db.sql`select settle_checkout(${sale.checkout_id}, 'paid', 'simulated', ${`ch_${sale.checkout_id}`})`
  await db.sql`select from ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
  await db.sql`select release_earnings()`
  if (bank) await setBank(sale, bank)
  await db.sql`select from plan_payout(${sale.shop_id})`
  const payout_id = await db.value<number>`select id from payouts where shop_id = ${sale.shop_id}`
  return { ...sale, payout_id }
}
const setBank = ({ shop_id, seller_id }: { shop_id: number; seller_id: number }, bank: { holder_name: string; iban: string }) =>
  db.sql`select from open_payout_account(${shop_id}, ${seller_id}, ${bank as never})`
const statusOf = (payout_id: number) => db.value<string>`select status from payouts where id = ${payout_id}`

beforeEach(async () => {
  await db.sql`select settle_payout(id, 'failed') from payouts where status in ('planned', 'sent')`
})

beforeAll(async () => {
  await db.sql`
    insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1'), ('PAYOUT_PROVIDER', 'manual')
    on conflict (name) do update set value = excluded.value`
})

test('a file has each payout once, and an operator settles them', async () => {
  const [known, formula, waiting] = [
    await makePlanned({ holder_name: 'Ann & Co', iban: IBAN }),
    await makePlanned({ holder_name: '+Bo', iban: IBAN }),
    await makePlanned(),
  ]
  const first = await payouts('--file', 'csv')
  expect(first.code).toBe(0)
  const [head, ...lines] = first.output.split(/\r?\n/)
  expect(head).toBe('payout_id,shop_id,holder_name,iban,amount,currency,created_at')
  const line = (payout: typeof known, name: string) =>
    expect.stringContaining(`"${payout.payout_id}","${payout.shop_id}","${name}","${IBAN}","23.00","USD",`)
  expect(lines).toEqual([line(known, 'Ann & Co'), line(formula, `'+Bo`)])
  const file_id = `payouts-${known.payout_id}`
  expect(first.errors).toBe(
    `Payout ${waiting.payout_id} waits: shop ${waiting.shop_id} has given no bank account.\nThis is the file ${file_id}.`,
  )
  expect(await statusOf(known.payout_id)).toBe('sent')

  const second = await payouts('--file', 'csv')
  expect([second.output, second.errors]).toEqual(['', expect.stringContaining('There is nothing to pay.')])
  const again = await payouts(...PAIN, '--again', file_id)
  expect(again.output).toContain(`<MsgId>${file_id}</MsgId>`)
  expect(again.output).toContain('<NbOfTxs>2</NbOfTxs><CtrlSum>46.00</CtrlSum>')
  expect(again.output).toContain(`<EndToEndId>${known.payout_id}</EndToEndId>`)

  expect(await payouts('--paid', `${known.payout_id}`, `${formula.payout_id}`)).toMatchObject({
    code: 0,
    output: `${known.payout_id} paid\n${formula.payout_id} paid`,
  })
  expect((await payouts('--returned', `${formula.payout_id}`, '--reason', 'account closed')).code).toBe(0)
  expect((await payouts('--failed', `${waiting.payout_id}`)).code).toBe(0)
  expect(await db.rows`select status, failure_reason from payouts order by id`).toEqual([
    { status: 'paid', failure_reason: null },
    { status: 'returned', failure_reason: 'account closed' },
    { status: 'failed', failure_reason: null },
  ])
  expect((await payouts('--failed', `${known.payout_id}`)).code).toBe(1)
  expect(await findWrongLedger(db.sql)).toEqual([])
})

test('a file that comes again has its own payouts and the bank accounts of its time', async () => {
  const bank = { holder_name: 'Ann', iban: IBAN }
  const first = await makePlanned(bank)
  const file = await payouts('--file', 'csv')
  const file_id = /payouts-\d+/.exec(file.errors)?.[0] as string
  const second = await makePlanned(bank)
  expect((await payouts('--file', 'csv')).output).toContain(`"${second.payout_id}"`)
  await setBank(first, { holder_name: 'Eve', iban: OTHER_IBAN })
  const again = await payouts('--file', 'csv', '--again', file_id)
  expect([again.code, again.output]).toEqual([0, file.output])

  await payouts('--failed', `${first.payout_id}`, `${second.payout_id}`)
  const late = await payouts('--file', 'csv', '--again', file_id)
  expect([late.code, late.output, late.errors]).toEqual([
    1,
    '',
    `Payout ${first.payout_id} of the file is failed, so the bank has had the file.`,
  ])
  expect((await payouts('--file', 'csv', '--again', 'payouts-0')).errors).toBe('There is no payout file payouts-0.')
})

test('a payout whose shop owes money by now fails, and the next one is less', async () => {
  const { shop_id, payout_id } = await makePlanned({ holder_name: 'Ann', iban: IBAN })
  await db.sql`select adjust_balance(${shop_id}, -3, 'a return')`
  const file = await payouts('--file', 'csv')
  expect([file.output, file.errors]).toEqual([
    '',
    `Payout ${payout_id} has failed: shop ${shop_id} owes $3.00. Its next payout is less by it.\nThere is nothing to pay.`,
  ])
  await db.sql`select from plan_payout(${shop_id})`
  expect((await payouts('--file', 'csv')).output).toContain('"20.00"')
  expect(await findWrongLedger(db.sql)).toEqual([])
})

test('a changed bank account waits three days, a first one does not', async () => {
  const bank = { holder_name: 'Ann', iban: IBAN }
  const changed = await makePlanned(bank)
  await setBank(changed, { holder_name: 'Eve', iban: OTHER_IBAN })
  const file = await payouts('--file', 'csv')
  expect([file.output, file.errors]).toEqual([
    '',
    `Payout ${changed.payout_id} waits: shop ${changed.shop_id} changed its bank account within three days.\nThere is nothing to pay.`,
  ])
  await db.sql`update payout_accounts set bank_changed_at = now() - interval '73 hours' where shop_id = ${changed.shop_id}`
  expect((await payouts('--file', 'csv')).output).toContain(OTHER_IBAN)
})

test('an account that is not active gets nothing, and stays rejected', async () => {
  const { payout_id, ...sale } = await makePlanned({ holder_name: 'Ann', iban: IBAN })
  await db.sql`update payout_accounts set status = 'rejected' where shop_id = ${sale.shop_id}`
  await setBank(sale, { holder_name: 'Ann', iban: IBAN })
  const file = await payouts('--file', 'csv')
  expect([file.output, file.errors]).toEqual([
    '',
    `Payout ${payout_id} waits: shop ${sale.shop_id} has a payout account that is rejected.\nThere is nothing to pay.`,
  ])
})

test('a wrong bank account of the marketplace sends nothing, nor does a file while payouts are paused', async () => {
  const { payout_id } = await makePlanned({ holder_name: 'Ann', iban: IBAN })
  const wrong = await payouts('--file', 'pain.001', '--name', 'My Market', '--iban', 'DE88370400440532013000')
  expect([wrong.code, wrong.errors]).toEqual([1, 'The IBAN is not valid. Check its country and its digits.'])
  expect((await payouts('--file', 'pain.001', '--name', '\uffff', '--iban', IBAN)).code).toBe(1)
  await db.sql`insert into settings (name, value) values ('PAYOUTS_PAUSED', 'true')`
  expect((await payouts('--file', 'csv')).code).toBe(1)
  await db.sql`delete from settings where name = 'PAYOUTS_PAUSED'`
  expect(await statusOf(payout_id)).toBe('planned')
})

test('the payout of a provider is not settled by hand', async () => {
  const { shop_id, payout_id: manual } = await makePlanned()
  await db.sql`select settle_manual_payout(${manual}, 'failed')`
  await db.sql`update settings set value = 'stripe' where name = 'PAYOUT_PROVIDER'`
  await db.sql`insert into payout_accounts (shop_id, provider, country, status) values (${shop_id}, 'stripe', 'US', 'active')`
  await db.sql`select from plan_payout(${shop_id})`
  const payout_id = await db.value<number>`select max(id) from payouts where shop_id = ${shop_id}`
  const ended = await payouts('--failed', `${payout_id}`)
  expect([ended.code, ended.errors]).toEqual([1, `There is no manual payout ${payout_id}.`])
  expect(await statusOf(payout_id)).toBe('planned')
})

test.each([
  [[]],
  [['--file', 'xls']],
  [['--file', 'pain.001']],
  [['--file', 'csv', '--paid', '1']],
  [['--paid']],
  [['--paid', 'x']],
])('%p is refused as a wrong call', async (words) => {
  expect((await payouts(...words)).code).toBe(2)
})

const PAYOUT = {
  payout_id: 202612000000001,
  shop_id: 5,
  holder_name: 'Zoë <Lø> & "Sons" \u0007',
  iban: IBAN,
  amount: '0.30',
  created_at: new Date('2026-12-02T09:30:00Z'),
  total: '0.30',
}

test('a name cannot break out of a file', () => {
  const xml = renderPain001([PAYOUT], { name: 'A&B', iban: IBAN }, 'payouts-1', PAYOUT.created_at)
  expect(xml).toContain('<Cdtr><Nm>Zoë &lt;Lø&gt; &amp; &quot;Sons&quot; </Nm></Cdtr>')
  expect(xml).toContain('<Dbtr><Nm>A&amp;B</Nm></Dbtr>')
  for (const start of ['=', '+', '-', '@', '\t', '\r'])
    expect(renderCsv([{ ...PAYOUT, holder_name: `${start}1` }])).toContain(`,"'${start}1",`)
})

// The sequence of https://www.iso20022.org, pain.001.001.09: a schema check rejects any other.
test('the elements of a credit transfer have the order of its schema', () => {
  const xml = renderPain001([PAYOUT, PAYOUT], { name: 'A', iban: IBAN }, 'payouts-1', PAYOUT.created_at)
  const childrenOf = (element: string) => {
    const content = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(xml)?.[1] ?? ''
    const names: string[] = []
    let depth = 0
    for (const [, end, name = ''] of content.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
      if (!end && depth++ === 0) names.push(name)
      if (end) depth--
    }
    return names
  }
  const debtor = ['ReqdExctnDt', 'Dbtr', 'DbtrAcct', 'DbtrAgt', 'ChrgBr']
  expect(childrenOf('GrpHdr')).toEqual(['MsgId', 'CreDtTm', 'NbOfTxs', 'CtrlSum', 'InitgPty'])
  expect(childrenOf('PmtInf')).toEqual(['PmtInfId', 'PmtMtd', 'NbOfTxs', 'CtrlSum', ...debtor, 'CdtTrfTxInf', 'CdtTrfTxInf'])
  expect(childrenOf('CdtTrfTxInf')).toEqual(['PmtId', 'Amt', 'Cdtr', 'CdtrAcct', 'RmtInf'])
})
