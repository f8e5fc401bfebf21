import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam, Strict } from '../../http/schemas.ts'
import { Balance, LedgerEntry, LedgerQuery, Statement, StatementQuery } from '../ledger/schemas.ts'
import { listLedger, showBalance, showStatement } from '../ledger/statements.ts'
import { Payout, PayoutParam } from '../payouts/schemas.ts'
import { listShopPayouts, showShopPayout } from '../payouts/statements.ts'

const tag = 'Money'
const problems = ['not_found', 'not_owner'] as const

const ownerOf = (c: Context<Env>, { id: shop_id }: { id: number }) => ({ shop_id, user_id: c.get('user_id') })

/** The money of a shop: what the marketplace owes it, why, and what was paid out. */
export const shopMoney = new Hono<Env>()
  .get(
    '/:id/balance',
    operation({
      id: 'getBalance',
      summary: "Read a shop's balance",
      description:
        "For the shop's owner. A sale is `pending` until some days after its delivery. Then it is `available`, and the next payout " +
        'takes it. A refund or a dispute is taken from the balance that has the money.',
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 200: Balance },
      problems,
    }),
    async (c) => sendJson(c, (await showBalance.one(c.get('sql'), ownerOf(c, c.req.valid('param')))).body),
  )
  .get(
    '/:id/ledger',
    operation({
      id: 'listLedger',
      summary: "List the entries of a shop's ledger, newest first",
      description:
        "For the shop's owner. Each entry is one change of one balance, and the entries of a balance add up to it. Entries never " +
        'change. A move between two balances, such as a release, has two entries. `from` and `to` narrow the list.',
      tag,
      signed_in: true,
      params: IdParam,
      query: LedgerQuery,
      answers: { 200: PageOf('LedgerPage', LedgerEntry) },
      problems,
    }),
    async (c) => {
      const query = c.req.valid('query')
      const { after, page_size } = pageArguments(c, query)
      const { from: from_day = null, to: to_day = null } = query
      const list = { ...ownerOf(c, c.req.valid('param')), from_day, to_day, after, page_size }
      return sendPage(c, await listLedger.many(await readerOf(c), list), page_size)
    },
  )
  .get(
    '/:id/payouts',
    operation({
      id: 'listPayouts',
      summary: "List a shop's payouts, newest first",
      description: "For the shop's owner. A payout is all that was available when it was planned.",
      tag,
      signed_in: true,
      params: IdParam,
      query: Strict(PageQuery),
      answers: { 200: PageOf('PayoutPage', Payout) },
      problems,
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const list = { ...ownerOf(c, c.req.valid('param')), after, page_size }
      return sendPage(c, await listShopPayouts.many(await readerOf(c), list), page_size)
    },
  )
  .get(
    '/:id/payouts/:payout_id',
    operation({
      id: 'getPayout',
      summary: 'Read a payout',
      description: "For the shop's owner.",
      tag,
      signed_in: true,
      params: PayoutParam,
      answers: { 200: Payout },
      problems,
    }),
    async (c) => {
      const { payout_id, ...param } = c.req.valid('param')
      return sendJson(c, (await showShopPayout.one(c.get('sql'), { ...ownerOf(c, param), payout_id })).body)
    },
  )
  .get(
    '/:id/statement',
    operation({
      id: 'getStatement',
      summary: "Read a shop's statement of a month as CSV",
      description:
        "For the shop's owner. A row for each entry of the ledger in the month, oldest first, with its order or payout; `balance` " +
        'is the `balance_kind` of the entry. `sum_pending`, `sum_available` and `sum_in_transit` are the sums of the entries of ' +
        'the month so far. The statement of the current month still grows.',
      tag,
      signed_in: true,
      params: IdParam,
      query: StatementQuery,
      answers: { 200: Statement },
      answer_type: 'text/csv',
      problems,
    }),
    async (c) => {
      const { month } = c.req.valid('query')
      const shop = ownerOf(c, c.req.valid('param'))
      const { body } = await showStatement.one(await readerOf(c), { ...shop, month })
      return c.body(body, 200, {
        'Content-Type': 'text/csv; charset=utf-8; header=present',
        'Content-Disposition': `attachment; filename="statement-${shop.shop_id}-${month}.csv"`,
        'Cache-Control': 'no-store',
      })
    },
  )
