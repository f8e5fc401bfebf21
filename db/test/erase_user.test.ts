import { describe, expect, test } from 'bun:test'
import { payOut } from '../../test/support/ledger.ts'
import { findTraces, TRACED } from '../../test/support/person_traces.ts'
import { personalColumns } from '../../test/support/privacy.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const { sql } = db

const TEXT = `${TRACED.display_name} (${TRACED.email}) of ${TRACED.address.line1}`

/** Makes a person who bought and sold, with the person's name in each text. All orders are shipped. */
async function makeTracedPerson() {
  const bought = await db.makeSale({ personalization: TEXT })
  const person_id = bought.buyer_id
  const shop_id = await db.makeShop({ owner_id: person_id })
  const sold = await db.makeSale({ shop: { seller_id: person_id, shop_id }, personalization: TEXT })
  await sql`update users set email = ${TRACED.email}, display_name = ${TRACED.display_name}, password = 'hash' where id = ${person_id}`
  await sql`
    update checkouts set shipping_address = ${sql.json(TRACED.address)}, idempotency_key = ${TRACED.email}
    where buyer_id = ${person_id}`
  for (const { order_id, seller_id, buyer_id } of [bought, sold]) {
    await sql`update orders set note = ${TEXT}, gift_message = ${TEXT} where id = ${order_id}`
    await sql`select * from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
    await sql`select * from review_order(${order_id}, ${buyer_id}, 5, ${TEXT})`
    await sql`select * from reply_to_review((select id from reviews where order_id = ${order_id}), ${seller_id}, ${TEXT})`
    await sql`
      select settle_refund((
        select (body ->> 'id')::bigint from refund_part(${order_id}, ${seller_id}, 1.00, null, null, false, 'goodwill', ${TEXT})
      ), 'refunded')`
  }
  const bank = { holder_name: TRACED.display_name, iban: 'DE89370400440532013000' }
  await sql`select from open_payout_account(${shop_id}, ${person_id}, ${sql.json(bank)})`
  await sql`update payout_accounts set requirements = array[${TEXT}] where shop_id = ${shop_id}`
  const payout_id = await payOut(sql, shop_id)
  await sql`
    update payouts set file_id = 'payouts-1', holder_name = ${TRACED.display_name}, iban = 'DE89370400440532013000'
    where id = ${payout_id}`
  await sql`
    update shops set name = ${TRACED.display_name}, description = ${TEXT}, banner = ${TEXT}, logo = ${TEXT}, vacation_message = ${TEXT}
    where id = ${shop_id}`
  await sql`
    update products set title = ${TEXT}, description = ${TEXT}, tags = array[${TRACED.display_name}], images = array[${TEXT}]
    where shop_id = ${shop_id}`
  // Of a checkout that is still open.
  await sql`
    insert into checkout_lines (id, checkout_id, product_id, quantity, added_at, personalization)
    values (1, ${bought.checkout_id}, ${bought.product_id}, 1, now(), ${TEXT})`
  await addOwnRows(person_id, sold.product_id)
  await keepResponses(person_id, bought)
  return { person_id, shop_id, bought, sold }
}

/** Adds rows that belong to the person alone. */
async function addOwnRows(person_id: number, product_id: number) {
  await sql`
    insert into addresses (user_id, name, line1, line2, city, country)
    values (${person_id}, ${TRACED.address.name}, ${TRACED.address.line1}, 'At Zoltanova', 'Zoltanova', 'US')`
  const other_product = await db.makeProduct()
  await sql`
    insert into sessions (user_id, token_hash, expires_at) values (${person_id}, sha256('token'), now() + interval '1 day')`
  await sql`insert into sign_in_addresses (user_id, address_hash) values (${person_id}, sha256('address'))`
  await sql`select set_quota(${person_id}, 'shops', 9)`
  await sql`insert into favorites (user_id, fav_type, fav_id) values (${person_id}, 'product', ${product_id})`
  await db.reserve(person_id, other_product)
  await sql`update cart_items set personalization = ${TEXT} where user_id = ${person_id}`
  await sql`
    with mail as (
      insert into mails (kind, is_about_order, user_id, email, locale, failure)
      values ('verify_email', false, ${person_id}, ${TRACED.email}, 'en', ${TEXT}) returning id
    )
    insert into user_tokens (token_hash, user_id, mail_id, purpose, email, expires_at)
    select sha256('mailed'), ${person_id}, id, 'verify_email', ${TRACED.email}, now() from mail`
  await sql`
    insert into pictures (owner_id, source_hash, content_hash, width, height, bytes)
    values (${person_id}, sha256('1'), sha256('2'), 1, 1, 1)`
  await sql`insert into second_factors (user_id, secret) values (${person_id}, substr(sha256('secret'), 1, 20))`
  await sql`insert into recovery_codes (user_id, code_hash) values (${person_id}, sha256('code'))`
  await sql`insert into key_counts (user_id, newest_created_at, keys, bytes) values (${person_id}, now(), 100, 1)`
}

/** Keeps responses to the person and to a seller that hold the person. */
async function keepResponses(person_id: number, { seller_id, order_id }: { seller_id: number; order_id: number }) {
  const claim = (user_id: number, key: string) => sql`select * from claim_key(${user_id}, 'POST /v1/x', ${key}, sha256('body'))`
  const store = (user_id: number, key: string, body: unknown, location = '/v1/x') =>
    sql`select store_response(${user_id}, 'POST /v1/x', ${key}, 200, ${JSON.stringify(body)}, location => ${location})`
  await claim(person_id, TRACED.email)
  await store(person_id, TRACED.email, { email: TRACED.email }, TEXT)
  await claim(seller_id, 'about the person')
  const [order] = await sql<{ body: string }[]>`select order_json(o)::text as body from orders o where o.id = ${order_id}`
  await store(seller_id, 'about the person', JSON.parse(order?.body as string))
  await claim(seller_id, 'about others')
  await store(seller_id, 'about others', { title: 'A bowl' })
}

const request = (person_id: number, password: string | null = 'hash') => sql`select request_erasure(${person_id}, ${password})`
const erase = (person_id: number) => sql`select erase_user(${person_id})`
const replay = (user_id: number, key: string) => sql`select * from claim_key(${user_id}, 'POST /v1/x', ${key}, sha256('body'))`

/** Columns of the page with texts that cannot hold a name: of a fixed set, or hashes. */
const WITHOUT_NAMES =
  /\.(iban|password|locale|kind|status|purpose|quota|fav_type|refusal|call|next_action|output|source_output|\w+_hash|fingerprint|labels|document|words)$/

test('after the deletion of a person no column holds the name, the e-mail or the street', async () => {
  const { person_id, bought } = await makeTracedPerson()
  await sql`select refresh_search_words()`
  const before = await findTraces(sql)
  const [types] = await sql`
    select json_object_agg(format('%s.%s.%s', table_schema, table_name, column_name), data_type) as of
    from information_schema.columns`
  const expected = personalColumns.filter(
    ({ column, erasure }) =>
      /^(deleted|replaced)/.test(erasure) && /^(text|json|ARRAY)/.test(types?.of[column]) && !WITHOUT_NAMES.test(column),
  )
  // The page has a column with texts that this test does not fill: add the person's name to it.
  expect(expected.map(({ column }) => column).filter((column) => !before.includes(column))).toEqual([])
  await request(person_id)
  // The second one is for later.
  expect(await db.waitingJobs('erase_user')).toEqual([{ user_id: person_id }, { user_id: person_id }])
  await erase(person_id)
  await sql`delete from mails where kind = 'account_erased'`
  await sql`select refresh_search_words()`
  expect(await findTraces(sql)).toEqual([])
  expect((await refusalOf(replay(bought.seller_id, 'about the person'))).code).toBe('SWGON')
  expect(
    (await db.rows`select body from claim_key(${bought.seller_id}, 'POST /v1/x', 'about others', sha256('body'))`)[0]?.body,
  ).toContain('A bowl')
})

test('rows that belong to the person alone are gone', async () => {
  const user_columns = personalColumns.filter(
    ({ column, erasure }) => /\.(user_id|owner_id)$/.test(column) && erasure === 'deleted',
  )
  expect(user_columns.length).toBeGreaterThan(5)
  const [person_id] = await sql`select id from users where erased_at is not null`.then((rows) => rows.map(({ id }) => id))
  for (const { column } of user_columns) {
    const [, table, name] = column.split('.')
    const [row] = await sql.unsafe(
      `select count(*)::integer as count from ${table} where ${name} = $1 and not (
      '${table}' = 'mails' and to_jsonb(${table}.*) ->> 'kind' = 'account_erased')`,
      [person_id],
    )
    expect([table, row?.count]).toEqual([table, 0])
  }
})

describe('a deletion', () => {
  const refusedFor = async (person_id: number) => (await refusalOf(request(person_id, '*'))) as { code: string; detail: object }

  test('is refused while an order of the buyer or the seller is open, and names it', async () => {
    const pending = await db.makeSale({ outcome: null })
    const open = { code: 'SWOPN', detail: { order_ids: [pending.order_id] } }
    expect(await refusedFor(pending.buyer_id)).toMatchObject(open)
    expect(await refusedFor(pending.seller_id)).toMatchObject(open)
    await sql`select * from settle_checkout(${pending.checkout_id}, 'paid')`
    expect(await refusedFor(pending.buyer_id)).toMatchObject(open)
    await sql`select * from refund_order(${pending.order_id}, ${pending.seller_id})`
    // The provider has not given the money back yet.
    expect(await refusedFor(pending.buyer_id)).toMatchObject(open)
    expect(await db.value`select count(*)::integer from users where erased_at is not null and id = ${pending.buyer_id}`).toBe(0)
    await sql`select settle_refund(r.id, 'refunded') from refunds r where r.order_id = ${pending.order_id}`
    await request(pending.buyer_id, '*')
    await request(pending.seller_id, '*')
  })

  test('is refused while a shop has a balance, and names the shop', async () => {
    const { shop_id, seller_id, order_id } = await db.makeSale()
    await sql`select * from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
    expect(await refusedFor(seller_id)).toMatchObject({ code: 'SWBAL', detail: { shop_ids: [shop_id] } })
    const payout_id = await payOut(sql, shop_id)
    await sql`
    update payouts set file_id = 'payouts-1', holder_name = ${TRACED.display_name}, iban = 'DE89370400440532013000'
    where id = ${payout_id}`
    await request(seller_id, '*')
    await erase(seller_id)
    // The money stays accounted for, without a name.
    const [money] = await db.rows`
      select (select sum(amount) from payouts where shop_id = ${shop_id}) as paid_out,
        (select count(*)::integer from ledger_entries where shop_id = ${shop_id}) as entries`
    expect(money).toEqual({ paid_out: '23.00', entries: 6 })
  })

  test('of a seller who owes money is refused, too', async () => {
    const { shop_id, seller_id, order_id } = await db.makeSale()
    await sql`select * from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
    const payout_id = await payOut(sql, shop_id)
    await sql`
    update payouts set file_id = 'payouts-1', holder_name = ${TRACED.display_name}, iban = 'DE89370400440532013000'
    where id = ${payout_id}`
    await sql`select adjust_balance(${shop_id}, -1, 'a fee')`
    expect(await refusedFor(seller_id)).toMatchObject({ code: 'SWBAL' })
  })

  test('is refused while a dispute is open', async () => {
    const { buyer_id, seller_id, order_id, checkout_id } = await db.makeSale()
    await sql`select * from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
    await sql`
      insert into disputes (payment_id, provider_reference, amount)
      select id, ${`dispute-${order_id}`}, amount from payments where checkout_id = ${checkout_id}`
    await sql`update orders set has_follow_ups = true where id = ${order_id}`
    expect(await refusedFor(buyer_id)).toMatchObject({ code: 'SWOPN', detail: { order_ids: [order_id] } })
    await sql`update disputes set status = 'won' where provider_reference = ${`dispute-${order_id}`}`
    await request(buyer_id, '*')
  })

  test('of a buyer is complete at once, and leaves the replay of the order as it was', async () => {
    const { buyer_id, seller_id, order_id } = await db.makeSale()
    await sql`update orders set note = 'Ring twice' where id = ${order_id}`
    await sql`select * from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
    await request(buyer_id, '*')
    const [order] = await db.rows`
      select o.note, c.shipping_address, order_facts(o) = replay_order(o.id) as is_whole, u.display_name
      from orders o join checkouts c on c.id = o.checkout_id join users u on u.id = o.buyer_id where o.id = ${order_id}`
    expect(order).toEqual({ note: null, shipping_address: { country: 'US' }, is_whole: true, display_name: 'A former customer' })
  })

  test('needs the password of an account, and none of a guest', async () => {
    const [account, guest] = await db.makeUsers(2)
    await sql`update users set password = 'hash' where id = ${account}`
    await sql`update users set is_guest = true where id = ${guest}`
    for (const password of [null, 'other']) expect((await refusalOf(request(account, password))).code).toBe('SWINV')
    await request(guest, null)
    await request(account)
    expect((await refusalOf(request(account))).code).toBe('SWNTF')
  })

  test('of an account takes the guests from before the proof of its address with it, and no others', async () => {
    const makeGuest = async (email: string, age = '1 hour') => {
      const id = await db.makeUser({ email: `not-${email}` })
      await sql`update users set is_guest = true, email = ${email}, created_at = now() - ${age}::interval where id = ${id}`
      return id
    }
    const deletedWith = async (email: string, proved: boolean) => {
      const id = await db.makeUser({ email })
      if (!proved) await sql`update users set email_verified_at = null where id = ${id}`
      const guests = [await makeGuest(email.toUpperCase()), await makeGuest(email), await makeGuest(email, '-1 hour')]
      await request(id, '*')
      return db.value<number>`select count(*)::integer from users where id = any (${guests}) and erased_at is not null`
    }
    expect(await deletedWith('proved@example.com', true)).toBe(2)
    expect(await deletedWith('claimed@example.com', false)).toBe(0)
  })

  test('of a person with parcels to 5,000 people ends', async () => {
    const { buyer_id, order_id } = await db.makeSale()
    await sql`update orders set status = 'delivered', tracking = '{"carrier": "DHL", "tracking_number": "1"}' where id = ${order_id}`
    await sql`
      insert into addresses (user_id, name, line1, city, country)
      select ${buyer_id}, md5(n::text), md5('street ' || n), 'Bonn', 'DE' from generate_series(1, 5000) n`
    await sql`insert into reviews (order_id, reviewer_id, shop_id, rating, comment)
      select id, buyer_id, shop_id, 5, 'For ' || md5('7') || ', who lives at ' || md5('street 900') from orders where id = ${order_id}`
    await request(buyer_id, '*')
    expect(await db.value<string>`select comment from reviews where order_id = ${order_id}`).toBe(
      'For a former customer, who lives at a former customer',
    )
  })

  test('ends the calls that were running: no review, no open shop', async () => {
    const { buyer_id, order_id, shop_id, seller_id } = await db.makeSale()
    await sql`update users set erased_at = now() where id in (${buyer_id}, ${seller_id})`
    expect((await refusalOf(sql`select * from review_order(${order_id}, ${buyer_id}, 5, '')`)).code).toBe('SWNTF')
    const open = sql`select * from update_shop(${shop_id}, ${seller_id}, '{"is_on_vacation": false}')`
    expect((await refusalOf(open)).code).toBe('SWNTF')
  })

  test('ends each session, and no sign-in, password or cart line comes after it', async () => {
    const product = await db.makeProduct()
    const person = await db.makeUser()
    const signIn = () => sql`select * from start_session(${person}, '*', sha256(${crypto.randomUUID()}::text::bytea), 60)`
    await signIn()
    await request(person, '*')
    expect(await db.value`select count(*)::integer from sessions where user_id = ${person}`).toBe(0)
    expect((await refusalOf(signIn())).code).toBe('SWNTF')
    expect((await refusalOf(db.reserve(person, product))).code).toBe('SWNTF')
    expect((await refusalOf(db.splitOrders(person))).code).toBe('SWNTF')
    expect(await db.rows`select * from update_user(${person}, 'Zed')`).toEqual([])
  })
})

describe('races of a deletion', () => {
  test('with checkouts: the orders exist and the account too, or neither', async () => {
    for (let round = 0; round < 6; round++) {
      const buyer = await db.makeBuyer(await db.makeProduct({ quantity: 9 }))
      const outcomes = await db.race(6, ({ sql }, n) =>
        outcomeOf(n % 2 ? db.splitOrders.call(null, buyer) : sql`select request_erasure(${buyer}, '*')`),
      )
      const [orders, is_erased] = [
        await db.value`select count(*)::integer from orders where buyer_id = ${buyer}`,
        await db.value`select erased_at is not null from users where id = ${buyer}`,
      ]
      expect([orders, is_erased]).toEqual(is_erased ? [0, true] : [1, false])
      expect(tally(outcomes).done).toBe(1)
    }
  })

  test('of a seller with a checkout of a listing: the order is open, or the shop is closed', async () => {
    const orderOf = async (leading: 'checkout' | 'deletion') => {
      const shop_id = await db.makeShop()
      const seller = await db.value<number>`select owner_id from shops where id = ${shop_id}`
      const buyer = await db.makeBuyer(await db.makeProduct({ shop_id }))
      const checkOut = (on: typeof sql) => on`select * from checkout_split_orders(${buyer}, 'key', '{"country": "US"}')`
      const remove = (on: typeof sql) => on`select request_erasure(${seller}, '*')`
      return leading === 'checkout'
        ? db.interleave(checkOut, (on) => outcomeOf(remove(on)))
        : db.interleave(remove, (on) => outcomeOf(checkOut(on)))
    }
    expect(await orderOf('checkout')).toBe('SWOPN')
    expect(await orderOf('deletion')).toBe('SWVAC')
  })

  test.each<
    [string, (on: typeof sql, ids: { seller: number; product: number; variant: number; profile: number }) => PromiseLike<unknown>]
  >([
    ['update_product', (on, { seller, product }) => on`select from update_product(${product}, ${seller}, '{"title": "Ann"}')`],
    ['update_variant', (on, { seller, variant }) => on`select from update_variant(${variant}, ${seller}, '{"sku": "Ann"}')`],
    [
      'change_processing_profile',
      (on, { seller, profile }) => on`select from change_processing_profile(${profile}, ${seller}, '{"name": "Ann"}')`,
    ],
    ['remove_processing_profile', (on, { seller, profile }) => on`select remove_processing_profile(${profile}, ${seller})`],
  ])('of a seller with %s, which waits: it changes nothing', async (_name, change) => {
    const seller = await db.makeUser()
    const shop_id = await db.makeShop({ owner_id: seller })
    const product = await db.makeProduct({ shop_id })
    const [variant] = await db.makeVariants(product, [{ option_values: ['S'] }])
    const profile = await db.value<number>`
      insert into processing_profiles (shop_id, name, readiness, days_min, days_max)
      values (${shop_id}, 'Slow', 'ready_to_ship', 1, 9) returning id`
    await request(seller, '*')
    const ids = { seller, product, variant: variant as number, profile }
    const refusal = await db.interleave(
      (on) => on`select erase_user(${seller})`,
      (on) => refusalOf(change(on, ids)),
    )
    expect(refusal).toMatchObject({ code: 'SWNTF', message: 'This account was deleted.' })
  })

  test('twice: once', async () => {
    const person = await db.makeUser()
    const outcomes = await db.race(8, ({ sql }) => outcomeOf(sql`select request_erasure(${person}, '*')`))
    expect(tally(outcomes)).toEqual({ done: 1, SWNTF: 7 })
  })

  test('with sign-ins: no session is left', async () => {
    const person = await db.makeUser()
    await db.race(8, ({ sql }, n) =>
      outcomeOf(
        n === 3
          ? sql`select request_erasure(${person}, '*')`
          : sql`select * from start_session(${person}, '*', sha256(${crypto.randomUUID()}::text::bytea), 60)`,
      ),
    )
    expect(await db.value`select count(*)::integer from sessions where user_id = ${person}`).toBe(0)
  })

  test('with a mail that is being sent: no mail and no token is left', async () => {
    for (const outcome of ['sent', 'rejected']) {
      const person = await db.makeUser()
      await sql`select write_mail('verify_email', ${person})`
      const mail_id = await db.value<number>`select id from mails where user_id = ${person}`
      const take = (on: typeof sql) => on`select * from take_mail(${mail_id}, sha256(${crypto.randomUUID()}::text::bytea))`
      await db.interleave(take, (on) => on`select request_erasure(${person}, '*')`)
      await sql`select finish_mail(${mail_id}, ${outcome}, 'no such mailbox')`
      const left = () => db.rows`select kind from mails where user_id = ${person} union all
        select purpose from user_tokens where user_id = ${person}`
      expect(await left()).toEqual([{ kind: 'account_erased' }])
      const last = await db.value<number>`select id from mails where user_id = ${person}`
      await sql`select * from take_mail(${last}, sha256(${crypto.randomUUID()}::text::bytea))`
      await sql`select finish_mail(${last}, ${outcome}, 'no such mailbox')`
      expect(await left()).toEqual([])
    }
  })
})
