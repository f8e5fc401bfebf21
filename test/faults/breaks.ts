/** The invariants that `--break` removes from a database to make a proof fail: a proof that cannot fail proves nothing. */
import type { Sql } from '../../src/platform/db/client.ts'

/** Replaces the text `from` in a stored function by `to`. */
type Edit = { routine: string; from: string; to: string }

export type Break = {
  name: string
  /** The invariant that the database then lacks, in words. */
  without: string
  /** The proofs that must notice, the quickest first. */
  noticed_by: string[]
  drop: string[]
  edits: Edit[]
}

export const breaks: Break[] = [
  {
    name: 'stock_guard',
    without: 'every wall around the stock: the check of the cart, the guard of the update and the CHECK on the table',
    noticed_by: ['last_item', 'model', 'mixed_load'],
    drop: ['alter table products drop constraint products_quantity_is_not_negative'],
    edits: [
      { routine: 'unavailable_reason', from: 'when product.quantity = 0 then', to: 'when false then' },
      { routine: 'unavailable_reason', from: 'when product.quantity < wanted then', to: 'when false then' },
      {
        routine: 'unavailable_reason',
        from: 'product.quantity - held_by_others',
        to: 'greatest(product.quantity, wanted) - held_by_others',
      },
      { routine: 'take_stock', from: ' and p.quantity >= w.units', to: '' },
    ],
  },
  {
    name: 'lock_order',
    without: 'the one order in which products are locked',
    noticed_by: ['mixed_load'],
    drop: [],
    edits: [
      { routine: 'lock_cart', from: 'order by p.id\n    for no key update', to: 'order by random()\n    for no key update' },
      { routine: 'restock_orders', from: 'order by p.id\n  for no key update', to: 'order by random()\n  for no key update' },
    ],
  },
  {
    name: 'hold_check',
    without: "the look at another buyer's live hold",
    noticed_by: ['last_item', 'model'],
    drop: [],
    edits: [{ routine: 'hold_item', from: 'if v_other.reserved_until > v_now then', to: 'if false then' }],
  },
  {
    name: 'key_record',
    without: 'the record of an Idempotency-Key, and the unique key on checkouts',
    noticed_by: ['same_key'],
    drop: ['alter table checkouts drop constraint checkouts_buyer_id_idempotency_key_key'],
    edits: [
      { routine: 'claim_key', from: 'if found then', to: 'if true then' },
      {
        routine: 'checkout_split_orders',
        from: 'c.idempotency_key = checkout_split_orders.idempotency_key;',
        to: 'c.idempotency_key = checkout_split_orders.idempotency_key and false;',
      },
    ],
  },
  {
    name: 'settle_once',
    without: 'the rule that the first final outcome of a payment wins',
    noticed_by: ['webhooks', 'model'],
    drop: [],
    edits: [{ routine: 'settle_checkout', from: "v_checkout.status = 'pending' and outcome = 'paid'", to: "outcome = 'paid'" }],
  },
  {
    name: 'webhook_dedupe',
    without: 'the record that takes each payment event once',
    noticed_by: ['webhooks'],
    drop: ['alter table payment_events drop constraint payment_events_pkey'],
    edits: [{ routine: 'apply_payment_event', from: 'on conflict on constraint payment_events_pkey do nothing', to: '' }],
  },
  {
    name: 'restock_once',
    without: 'the state that keeps a cancelled order from being cancelled again, and what stands behind it',
    noticed_by: ['model', 'mixed_load'],
    drop: [
      'alter table refunds drop constraint refunds_order_id_key',
      'alter table payments drop constraint payments_refunded_is_within_amount',
    ],
    edits: [
      {
        routine: 'move_order',
        from: "o.status = 'paid' and new_status in",
        to: "o.status in ('paid', 'cancelled', 'refunded') and new_status in",
      },
    ],
  },
  {
    name: 'settle_job',
    without: 'the job that settles a checkout whose call died, and the reconciler behind it',
    noticed_by: ['kills'],
    drop: [],
    edits: [
      {
        routine: 'split_for_key',
        from: "settle_job_id = enqueue_job('settle_checkout', jsonb_build_object('checkout_id', c.id), v_settle_after_s)",
        to: 'settle_job_id = null',
      },
      { routine: 'enqueue_stuck_checkouts', from: "interval '30 seconds'", to: "interval '30 days'" },
    ],
  },
  {
    name: 'index_replay',
    without: 'the memory of changes that Elasticsearch has not confirmed',
    noticed_by: ['elasticsearch_away'],
    drop: [],
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
    without: 'every word to the caches about what has changed, from the call itself and from the relay',
    noticed_by: ['fresh_pages'],
    drop: [],
    edits: [{ routine: 'note_changes', from: 'if cardinality(keys) = 0 then', to: 'if true then' }],
  },
]

/** Returns the sabotage of this name. */
export function findBreak(name: string): Break | undefined {
  return breaks.find((one) => one.name === name)
}

/** The stored function has changed and lacks the text that the sabotage replaces, so the proof did not run. */
export class BreakMisfit extends Error {}

/**
 * Removes the invariant from this one database. Throws BreakMisfit if a function lacks the text to replace. Records the hashes of
 * the broken functions as deployed, because a start of the API recreates a function whose hash differs.
 */
export async function breakDatabase(sql: Sql, { name, drop, edits }: Break): Promise<void> {
  for (const statement of drop) await sql.unsafe(statement)
  for (const { routine, from, to } of edits) {
    const [row] = await sql<{ text: string }[]>`select pg_get_functiondef(${routine}::regproc) as text`
    const text = row?.text ?? ''
    if (!text.includes(from)) throw new BreakMisfit(`--break=${name} no longer fits ${routine}: it does not say "${from}"`)
    await sql.unsafe(text.replace(from, () => to))
  }
  await sql`update deployed_functions set definition_hash = md5(pg_get_functiondef(to_regprocedure(signature)))`
}
