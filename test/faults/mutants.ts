/** The safeguards that `--break` removes from a database to make a scenario fail. A test that cannot fail proves nothing. */
import type { Sql } from '../../src/platform/db/client.ts'

/** Replaces the text `from` in a stored function by `to`. */
type Edit = { routine: string; from: string; to: string }

export type Mutant = {
  name: string
  /** The safeguard that the database then lacks, in words. */
  without: string
  /** The scenarios that must notice, the quickest first. */
  killed_by: string[]
  drop?: string[]
  edits: Edit[]
}

export const mutants: Mutant[] = [
  {
    name: 'stock_guard',
    without: 'the three safeguards of the stock: the check of the cart, the condition of the update and the CHECK on the table',
    killed_by: ['last_item', 'model', 'mixed_load'],
    drop: ['alter table products drop constraint products_quantity_is_not_negative'],
    edits: [
      {
        routine: 'unavailable_reason',
        from: 'when variant_stock(variant, product) = 0 then',
        to: 'when false then',
      },
      {
        routine: 'unavailable_reason',
        from: 'when variant_stock(variant, product) < wanted then',
        to: 'when false then',
      },
      {
        routine: 'unavailable_reason',
        from: 'variant_stock(variant, product) - held_by_others',
        to: 'greatest(variant_stock(variant, product), wanted) - held_by_others',
      },
      { routine: 'take_stock', from: ' and p.quantity >= w.units', to: '' },
    ],
  },
  {
    name: 'variant_guard',
    without: 'the same three safeguards of the stock of a variant, and the CHECK on the sum in products',
    killed_by: ['last_variant'],
    drop: [
      'alter table variants drop constraint variants_quantity_is_not_negative',
      'alter table products drop constraint products_quantity_is_not_negative',
    ],
    edits: [
      {
        routine: 'unavailable_reason',
        from: 'when variant_stock(variant, product) = 0 then',
        to: 'when product.quantity = 0 and variant.quantity is null then',
      },
      {
        routine: 'unavailable_reason',
        from: 'when variant_stock(variant, product) < wanted then',
        to: 'when product.quantity < wanted and variant.quantity is null then',
      },
      {
        routine: 'unavailable_reason',
        from: 'when variant_stock(variant, product) - held_by_others',
        to: 'when coalesce(greatest(variant.quantity, wanted), product.quantity) - held_by_others',
      },
      { routine: 'take_stock', from: ' and v.quantity >= w.units', to: '' },
    ],
  },
  {
    name: 'variant_holds',
    without: 'the rule that a hold takes one stock: that of the product for each of its variants, or that of one variant',
    killed_by: ['last_variant'],
    edits: [{ routine: 'hold_item', from: 'coalesce(ci.stock_variant_id, 0) = v_stock', to: 'true' }],
  },
  {
    name: 'lock_order',
    without: 'the fixed order in which products are locked',
    killed_by: ['mixed_load'],
    edits: [
      { routine: 'lock_cart', from: 'order by p.id\n    for no key update', to: 'order by random()\n    for no key update' },
      { routine: 'return_stock', from: 'order by p.id\n  for no key update', to: 'order by random()\n  for no key update' },
    ],
  },
  {
    name: 'hold_check',
    without: "the check for another buyer's live hold",
    killed_by: ['last_item', 'model'],
    edits: [{ routine: 'hold_item', from: 'if v_other.reserved_until > v_now then', to: 'if false then' }],
  },
  {
    name: 'key_record',
    without: 'the record of an Idempotency-Key, and the unique key on checkouts',
    killed_by: ['same_key'],
    drop: ['alter table checkouts drop constraint checkouts_buyer_id_idempotency_key_key'],
    edits: [
      { routine: 'claim_key', from: 'if found then', to: 'if true then' },
      {
        routine: 'find_checkout',
        from: 'c.idempotency_key = find_checkout.idempotency_key;',
        to: 'c.idempotency_key = find_checkout.idempotency_key and false;',
      },
    ],
  },
  {
    name: 'settle_once',
    without: 'the rule that the first final outcome of a payment wins',
    killed_by: ['webhooks', 'model', 'actions'],
    edits: [
      {
        routine: 'settle_checkout',
        from: "if v_checkout.status = 'pending' then",
        to: "if v_checkout.status = 'pending' or outcome = 'paid' then",
      },
    ],
  },
  {
    name: 'webhook_dedupe',
    without: 'the record that takes each payment event once',
    killed_by: ['webhooks'],
    drop: ['alter table payment_events drop constraint payment_events_pkey'],
    edits: [{ routine: 'note_payment_event', from: 'on conflict on constraint payment_events_pkey do nothing', to: '' }],
  },
  {
    name: 'restock_once',
    without: 'the count of the units that were refunded before, and the trigger behind it',
    killed_by: ['model'],
    drop: ['drop trigger refund_items__check_units on refund_items'],
    edits: [{ routine: 'refunded_units', from: 'where ri.order_id', to: 'where false and ri.order_id' }],
  },
  {
    name: 'restock_guard',
    without: 'the rule that units in a shipment do not return to the stock by themselves',
    killed_by: ['refunds', 'model'],
    edits: [
      { routine: 'order_line_units', from: 'oi.quantity - shipped.units - refunds.gone', to: 'oi.quantity - refunds.gone' },
    ],
  },
  {
    name: 'refund_limit',
    without: 'the check that a refund is at most what is left of the order, and the constraints behind it',
    killed_by: ['refunds', 'model'],
    drop: [
      'alter table orders drop constraint orders_refunded_is_within_total',
      'alter table payments drop constraint payments_refunded_is_within_amount',
    ],
    edits: [{ routine: 'refund_part', from: 'v_refund.amount > v_order.total - v_order.refunded', to: 'false' }],
  },
  {
    name: 'hold_rest',
    without: 'the rest of the hold of a line that comes back from an unpaid checkout',
    killed_by: ['actions', 'model'],
    edits: [{ routine: 'return_lines', from: 'case when t.reserved_until > clock_timestamp()', to: 'case when false' }],
  },
  {
    name: 'settle_sweep',
    without: 'the sweep that settles a checkout after its process was killed',
    killed_by: ['kills'],
    edits: [{ routine: 'enqueue_stuck_checkouts', from: 'c.settle_after < clock_timestamp()', to: 'false' }],
  },
  {
    name: 'index_replay',
    without: 'the record of changes that Elasticsearch has not confirmed',
    killed_by: ['elasticsearch_away'],
    edits: [
      {
        routine: 'take_search_changes',
        from: "revision := nextval('search_revisions');",
        to: "revision := nextval('search_revisions');\n    delete from search_changes sc where sc.product_id = any(product_ids);",
      },
    ],
  },
  {
    name: 'stale_keys',
    without: 'every invalidation of the caches, by the call itself and by the relay',
    killed_by: ['fresh_pages'],
    edits: [{ routine: 'note_changes', from: 'if cardinality(keys) = 0 then', to: 'if true then' }],
  },
  {
    name: 'mail_once',
    without: 'the unique key of a fact in mails, and the rule that the first final outcome of a payment wins',
    killed_by: ['mails'],
    drop: ['drop index mails_kind_fact_id_key'],
    edits: [
      {
        routine: 'settle_checkout',
        from: "if v_checkout.status = 'pending' then",
        to: "if v_checkout.status = 'pending' or outcome = 'paid' then",
      },
    ],
  },
  {
    name: 'mail_memory',
    without: 'the record of a mail that was sent, so that a job that runs again sends all of its mails again',
    killed_by: ['mails'],
    edits: [
      { routine: 'take_mail', from: "m.id = take_mail.mail_id and m.status = 'pending';", to: 'm.id = take_mail.mail_id;' },
      {
        routine: 'take_mail',
        from: "m.id = take_mail.mail_id and m.status = 'pending' for update;",
        to: 'm.id = take_mail.mail_id for update;',
      },
    ],
  },
  {
    name: 'mail_when_paid',
    without: 'the rule that a buyer has the receipt only when the payment is confirmed',
    killed_by: ['mails'],
    edits: [
      {
        routine: 'await_action',
        from: "perform write_mail('payment_action', checkout.buyer_id, checkout.id);",
        to: "perform write_mail(k, checkout.buyer_id, checkout.id) from unnest('{payment_action,checkout_paid}'::text[]) k;",
      },
    ],
  },
  {
    name: 'one_open_payout',
    without: 'the lock of a planner, its look for an open payout, and the unique key of open payouts',
    killed_by: ['payouts', 'mixed_load'],
    drop: ['drop index payouts_open_key'],
    edits: [
      { routine: 'plan_payouts', from: 'for no key update of b', to: '' },
      { routine: 'payout_obstacle', from: "p.status in ('planned', 'sent', 'unknown')", to: 'false' },
    ],
  },
  {
    name: 'sum_check',
    without: 'the exact remainder of a shop, and the check that the entries of a transaction add up to 0',
    killed_by: ['mixed_load'],
    edits: [
      {
        routine: 'order_shares',
        from: 'v_shop := o.total - v_gone - v_commission - v_commission_tax - v_tax;',
        to: 'v_shop := round(o.total - v_gone - v_commission - v_commission_tax - v_tax, 1);',
      },
      { routine: 'tg_ledger_entries__apply', from: 'having sum(i.amount) <> 0 or', to: 'having' },
    ],
  },
  {
    name: 'book_once',
    without: 'the comparison of a booking with what is booked already',
    killed_by: ['model', 'mixed_load'],
    edits: [{ routine: 'book_orders', from: "where book_orders.kind <> 'sale' and", to: 'where false and' }],
  },
  {
    name: 'settle_payout_once',
    without: 'the rule that an outcome of a payout counts once, and the unique source of a ledger transaction',
    killed_by: ['payouts'],
    drop: [
      `do $$ declare p regclass; begin
        for p in select inhrelid::regclass from pg_inherits where inhparent = 'ledger_transactions'::regclass loop
          execute format('alter table %s drop constraint %I', p, p || '_kind_source_key');
        end loop;
      end $$`,
    ],
    edits: [
      {
        routine: 'settle_payout',
        from: "('paid', 'returned')\n",
        to: "('paid', 'returned'), ('returned', 'returned')\n",
      },
    ],
  },
  {
    name: 'hold_release',
    without: 'the rule that the earnings of a disputed order stay pending, and the trigger behind it',
    killed_by: ['mixed_load'],
    drop: ['drop trigger orders__refuse_held_release on orders'],
    edits: [
      {
        routine: 'release_earnings',
        from: 'and not exists (select from order_holds h where h.order_id = o.id and h.ended_at is null)\n    order by o.id',
        to: 'order by o.id',
      },
      {
        routine: 'release_earnings',
        from: ' and not exists (select from order_holds h where h.order_id = o.id and h.ended_at is null)\n    returning',
        to: ' returning',
      },
    ],
  },
  {
    name: 'unknown_claims',
    without: 'the rule that a payout without a clear answer keeps its money',
    killed_by: ['payouts'],
    edits: [
      {
        routine: 'settle_payout',
        from: 'if outcome is null or outcome not in',
        to: "outcome := replace(outcome, 'unknown', 'failed');\n  if outcome is null or outcome not in",
      },
    ],
  },
  {
    name: 'cumulative_commission',
    without: 'the rule that the returned commission is rounded once, from all that has gone back',
    killed_by: ['mixed_load'],
    edits: [
      {
        routine: 'order_shares',
        from: 'round(c.amount * v_returned / o.total, 2)',
        to: `(
          select coalesce(sum(round(c.amount * r.amount / o.total, 2)), 0) from refunds r
          where r.order_id = o.id and r.status <> 'failed'
        )`,
      },
    ],
  },
]

export function findMutant(name: string): Mutant | undefined {
  return mutants.find((one) => one.name === name)
}

/** The stored function has changed and lacks the text that the mutant replaces, so the scenario did not run. */
export class StaleMutant extends Error {}

/**
 * Removes the safeguard from this database. Throws StaleMutant if a function lacks the text to replace. Records the hashes of the
 * changed functions and the dropped triggers as deployed, because a start of the API recreates all of them if one differs.
 */
export async function applyMutant(sql: Sql, { name, drop = [], edits }: Mutant): Promise<void> {
  for (const statement of drop) await sql.unsafe(statement)
  for (const { routine, from, to } of edits) {
    const [row] = await sql<{ text: string }[]>`select pg_get_functiondef(${routine}::regproc) as text`
    const text = row?.text ?? ''
    if (!text.includes(from))
      throw new StaleMutant(`--break=${name} no longer fits ${routine}, which lacks the text "${from}". Update mutants.ts.`)
    await sql.unsafe(text.replace(from, () => to))
  }
  await sql`update deployed_functions set definition_hash = md5(pg_get_functiondef(to_regprocedure(signature)))`
  await sql`
    update deployed_triggers dt set definition_hash = 'dropped'
    where not exists (select from pg_trigger t where t.tgrelid = to_regclass(dt.table_name) and t.tgname = dt.trigger_name)`
}
