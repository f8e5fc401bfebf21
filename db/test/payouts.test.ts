import { beforeEach, describe, expect, test } from 'bun:test'
import { findWrongLedger } from '../../test/support/ledger.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const IBAN = 'DE89370400440532013000'

const adjust = (shop_id: number, amount: string) => db.sql`select adjust_balance(${shop_id}, ${amount}::text::numeric, 'a gift')`
const planOne = (shop_id: number) => db.sql<{ id: number }[]>`select id from plan_payout(${shop_id})`
const planAll = (max_shops = 1000) => db.value<number>`select plan_payouts(${max_shops})`
const payoutsOf = (shop_id: number) => db.rows`select amount, status from payouts where shop_id = ${shop_id} order by id`
/** Makes the transfers of a shop differ from its balance, as only a fault could. */
const breakTransfers = (shop_id: number) =>
  db.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update transfers set amount = amount + 1 where shop_id = ${shop_id}`
  })

beforeEach(async () => {
  await db.sql`delete from settings`
  await db.sql`insert into settings (name, value) values ('PAYOUT_PROVIDER', 'manual'), ('PAYOUT_MINIMUM', '25.00')`
})

describe('is_iban', () => {
  test.each([
    [IBAN, true],
    ['GB82WEST12345698765432', true],
    ['NO9386011117947', true],
    ['MT84MALT011000012345MTLCAST001S', true],
    // Right check digits, but the United States have no IBANs.
    ['US5012345678901', false],
    // Right check digits, but a digit too many for Germany.
    ['DE813704004405320130000', false],
    ['DE88370400440532013000', false],
    ['de89370400440532013000', false],
    ['DE', false],
    ['', false],
    ['DE-9370400440532013000', false],
  ])('%p: %p', async (iban, expected) => {
    expect(await db.value<boolean>`select is_iban(${iban})`).toBe(expected)
  })

  test('knows the 89 countries of the registry', async () => {
    expect(await db.value<number>`select count(distinct country)::integer from iban_lengths()`).toBe(89)
  })
})

describe('is_holder_name', () => {
  test.each([
    ['Ann & Co. (Sons) 3/4', true],
    ["Zoë O'Brien-Łukasz", true],
    ['李小龍', true],
    ['Мария', true],
    ['\u0645\u0647\u200c\u0631', true],
    ['नमस्ते', true],
    ['Zoe\u0308', true],
    ['\uffff', false],
    ['Ann\u0007', false],
    ['Ann\nLee', false],
    ['Ann\u202e', false],
    ['Ann \u{1f600}', false],
    ['Ann ™', false],
    ['Ann <b>', false],
    ['\ue000', false],
    ['- -', false],
    ['', false],
    ['a'.repeat(71), false],
  ])('%p: %p', async (name, expected) => {
    expect(await db.value<boolean>`select is_holder_name(${name})`).toBe(expected)
  })
})

describe('a plan', () => {
  test('leaves out a shop whose transfers do not add up, and no other', async () => {
    const [broken, sound] = [await db.makeShop(), await db.makeShop()]
    for (const shop of [broken, sound]) await adjust(shop, '30.00')
    await breakTransfers(broken)
    await planAll()
    expect(await payoutsOf(broken)).toEqual([])
    expect(await payoutsOf(sound)).toEqual([{ amount: '30.00', status: 'planned' }])
    expect(await refusalOf(planOne(broken))).toMatchObject({ code: 'SWSUM' })
    await db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update transfers set amount = amount - 1 where shop_id = ${broken}`
    })
  })

  test('by an operator takes any amount, and returns the payout that it wrote', async () => {
    const shop = await db.makeShop()
    await adjust(shop, '0.01')
    const [first] = await planOne(shop)
    expect(await payoutsOf(shop)).toEqual([{ amount: '0.01', status: 'planned' }])
    await db.sql`select settle_payout(${first?.id as number}, 'paid')`
    expect(await refusalOf(planOne(shop))).toMatchObject({ code: 'SWPMI', detail: { payable: '0.00', min: '0.01' } })
  })

  test('makes nothing while payouts are paused', async () => {
    const shop = await db.makeShop()
    await adjust(shop, '30.00')
    await db.sql`insert into settings (name, value) values ('PAYOUTS_PAUSED', 'true')`
    expect(await planAll()).toBe(0)
    expect(await refusalOf(planOne(shop))).toMatchObject({ code: 'SWPHL' })
    await db.sql`delete from settings where name = 'PAYOUTS_PAUSED'`
    await planAll()
    expect(await payoutsOf(shop)).toHaveLength(1)
  })
})

test('the items of a payout cannot become other ones later', async () => {
  const [shop, other] = [await db.makeShop(), await db.makeShop()]
  for (const one of [shop, other]) await adjust(one, '30.00')
  const [payout] = await planOne(shop)
  const add = db.sql`
    insert into payout_items (payout_id, transfer_id) select ${payout?.id as number}, t.id from transfers t where t.shop_id = ${other}`
  expect(await refusalOf(add)).toMatchObject({ code: 'SWSUM' })
  expect(await refusalOf(db.sql`delete from payout_items`)).toMatchObject({ code: 'SWAPP' })
  expect(await findWrongLedger(db.sql)).toEqual([])
})

describe('a bank account', () => {
  const open = (sale: { shop_id: number; seller_id: number }, account: object) =>
    db.sql`select * from open_payout_account(${sale.shop_id}, ${sale.seller_id}, ${account as never})`
  const makeOwned = async () => {
    const seller_id = await db.makeUser()
    return { seller_id, shop_id: await db.makeShop({ owner_id: seller_id }) }
  }
  const mailsOf = (seller_id: number) =>
    db.value<number>`select count(*)::integer from mails where user_id = ${seller_id} and kind = 'payout_account_changed'`

  test('that changes is mailed to the owner, a first one and a repeated one are not', async () => {
    const shop = await makeOwned()
    await open(shop, {})
    await open(shop, { holder_name: 'Ann', iban: IBAN })
    await open(shop, { holder_name: 'Ann Lee', iban: IBAN })
    expect(await mailsOf(shop.seller_id)).toBe(0)
    await open(shop, { holder_name: 'Eve', iban: 'GB82WEST12345698765432' })
    await open(shop, { holder_name: 'Eve', iban: 'NO9386011117947' })
    expect(await mailsOf(shop.seller_id)).toBe(2)
  })

  test('is in the country of its IBAN', async () => {
    const shop = await makeOwned()
    const bank = { holder_name: 'Ann', iban: IBAN }
    const refused = { code: 'SWINV', detail: { field: 'country' } }
    expect(await refusalOf(open(shop, { ...bank, country: 'US' }))).toMatchObject(refused)
    await open(shop, { ...bank, country: 'DE' })
    expect(await refusalOf(open(shop, { country: 'US' }))).toMatchObject(refused)
  })
})
