/** Compares the books, the rows of `mails` and the letters that the mail server has accepted. */
import type { Sql } from '../../../src/platform/db/client.ts'
import { hashToken } from '../../../src/platform/token.ts'
import type { Letter } from '../../support/mailbox.ts'
import type { Told } from '../load/mail_stories.ts'

/** What the scenario knows apart from the database. */
export type Witness = {
  told: Told
  letters: Letter[]
  /** The checkouts that the provider has charged. */
  charged: number[]
  /** The address whose mailbox is full. */
  full: string
  /** When each worker was killed, by its name. */
  killed_ms: Map<string, number>
}
export type Copies = { copies: number; kills: number; most_of_one_kill: number; longest_gap_ms: number }

/** The limits of mails that no order caused, for each address and hour. */
const LEAST_LIMIT = 3
const READ_WITHIN_MS = 1000

/** Each fact of the books that a person must have a mail about, and that person. No statement here reads `mails`. */
const factsOfBooks = (sql: Sql, { told, charged }: Witness) => sql`
  refund_events as (
    select e.order_id, (e.detail -> 'refund' ->> 'id')::bigint as refund_id,
      e.status = 'cancelled' and not exists (
        select from order_events b where b.order_id = e.order_id and b.id < e.id and b.status = 'cancelled'
      ) as is_cancellation,
      row_number() over (partition by e.order_id, e.detail -> 'refund' ->> 'id' order by e.id) as place
    from order_events e where e.change = 'refund'
  ),
  facts (kind, fact_id, user_id) as (
    select 'checkout_paid', c.id, c.buyer_id from checkouts c where c.status = 'paid'
    union all
    select 'order_sold', o.id, s.owner_id
    from orders o join checkouts c on c.id = o.checkout_id join shops s on s.id = o.shop_id where c.status = 'paid'
    union all
    select 'order_shipped', s.id, o.buyer_id from shipments s join orders o on o.id = s.order_id
    union all
    select 'tracking_corrected', e.id, o.buyer_id from order_events e join orders o on o.id = e.order_id where e.change = 'tracking'
    union all
    select side.kind, case when side.kind = 'order_refunded' then e.refund_id else o.id end,
      case when side.kind = 'sold_order_cancelled' then s.owner_id else o.buyer_id end
    from refund_events e
    join orders o on o.id = e.order_id
    join shops s on s.id = o.shop_id
    join (values ('order_refunded', false), ('order_cancelled', true), ('sold_order_cancelled', true)) side (kind, is_cancellation)
      on side.is_cancellation = e.is_cancellation
    where e.place = 1
    union all
    select 'refund_failed', r.id, s.owner_id
    from refunds r join orders o on o.id = r.order_id join shops s on s.id = o.shop_id where r.status = 'failed'
    union all
    select 'payment_failed', c.id, c.buyer_id
    from checkouts c join payments p on p.checkout_id = c.id
    where c.status = 'cancelled' and p.status <> 'cancelled' and c.id = any(${[...told.pending]}::bigint[])
    union all
    select 'payment_action', c.id, c.buyer_id
    from checkouts c join payments p on p.checkout_id = c.id
    where p.method like 'pm_card_threeDSecure2%' and c.id = any(${charged}::bigint[])
  )`

/** Returns the facts without exactly one mail to exactly the person's address, the mails without a fact, and the number of facts. */
export async function findWrongMails(sql: Sql, witness: Witness): Promise<{ wrong: string[]; facts: number }> {
  const [row] = await sql<{ facts: number; wrong: string[] }[]>`
    with ${factsOfBooks(sql, witness)},
    compared as (
      select kind, fact_id, count(distinct m.id) as mails, count(distinct f.user_id) as facts,
        bool_and(m.user_id = f.user_id and m.email = u.email) as is_right
      from facts f
      full join (select * from mails where fact_id is not null and kind <> 'new_device') m using (kind, fact_id)
      left join users u on u.id = f.user_id
      group by kind, fact_id
    )
    select (select count(*)::integer from facts) as facts, array(
      select format('%s of %s: %s facts in the books, %s mails%s', kind, fact_id, facts, mails,
        case when not is_right then ', to another address' end)
      from compared where facts <> 1 or mails <> 1 or is_right is not true
    ) as wrong`
  return row as { wrong: string[]; facts: number }
}

/** Returns the accounts whose mails are fewer than the requests that succeeded, or more than all requests. */
export async function findWrongAccountMails(sql: Sql, { told }: Witness): Promise<string[]> {
  const rows = await sql<{ kind: string; email: string; count: number }[]>`
    select kind, email, count(*)::integer as count from mails
    where kind in ('verify_email', 'reset_password', 'password_changed') group by 1, 2`
  const counts = new Map(rows.map(({ kind, email, count }) => [`${kind} ${email}`, count]))
  const unknown = rows.filter(({ kind, email }) => !told.accounts.has(`${kind} ${email}`))
  const wrong = [...told.accounts].filter(([key, { sent, confirmed }]) => {
    const count = counts.get(key) ?? 0
    return count < confirmed || count > sent
  })
  return [
    ...unknown.map(({ kind, email }) => `${kind} to ${email}, which nothing caused`),
    ...wrong.map(
      ([key, { sent, confirmed }]) => `${key}: ${counts.get(key) ?? 0} mails of ${sent} requests, ${confirmed} confirmed`,
    ),
  ]
}

type MailRow = {
  id: number
  kind: string
  email: string
  status: string
  failure: string | null
  sent_ms: number | null
  is_explained: boolean
  hashes: string[]
}

/** Returns the mails whose status is not that of what the mail server accepted, and how many mails have each status. */
export async function findWrongLetters(
  sql: Sql,
  witness: Witness,
): Promise<{ wrong: string[]; copies: Copies; statuses: string[] }> {
  const mails = await sql<MailRow[]>`
    select m.id, m.kind, m.email, m.status, m.failure, (extract(epoch from m.sent_at) * 1000)::float8 as sent_ms,
      array(select encode(t.token_hash, 'hex') from user_tokens t where t.mail_id = m.id) as hashes,
      -- Dropped: the payment asks no more, or the address had its mails of this hour.
      m.kind = 'payment_action' and exists (select from checkouts c where c.id = m.fact_id and c.status <> 'pending')
        or not m.is_about_order and (
          select count(*) >= ${LEAST_LIMIT} from mails o where o.email = m.email and not o.is_about_order and o.taken_at is not null
        ) as is_explained
    from mails m`
  const by_id = Map.groupBy(witness.letters, ({ message_id }) => Number(/^<mail-(\d+)@/.exec(message_id)?.[1]))
  const known = new Set(mails.map(({ id }) => id))
  const wrong = [
    ...[...by_id.keys()].filter((id) => !known.has(id)).map((id) => `a letter of the unknown mail ${id}`),
    ...mails.flatMap((mail) => describeWrong(mail, by_id.get(mail.id) ?? [], witness)),
  ]
  const statuses = Map.groupBy(mails, ({ status }) => status)
  const copies = countCopies(by_id, witness)
  return { wrong, copies, statuses: [...statuses].map(([status, { length }]) => `${length} ${status}`) }
}

/** Returns what is wrong with one mail and its letters. */
function describeWrong(mail: MailRow, letters: Letter[], { full, killed_ms }: Witness): string[] {
  const name = `mail ${mail.id} (${mail.kind}, ${mail.status})`
  const is_full = mail.email === full
  const unnoted = unnotedLetters(mail, letters)
  return [
    mail.status === 'pending' ? `${name} was never sent` : null,
    mail.status === 'sent' && letters.length === 0 ? `${name} has no letter` : null,
    (mail.status === 'rejected') === is_full ? null : `${name} went to ${mail.email}`,
    mail.status === 'rejected' && !mail.failure?.includes('552') ? `${name} has no reason` : null,
    mail.status === 'dropped' && !mail.is_explained ? `${name} was dropped without a reason` : null,
    letters.every(({ to }) => to === mail.email) ? null : `${name} to ${mail.email} reached ${letters.map(({ to }) => to)}`,
    letters.every(({ text }) => hasKnownToken(text, mail.hashes)) ? null : `${name} has a link that the database does not know`,
    new Set(letters.map(({ client }) => client)).size === letters.length ? null : `one worker sent ${name} twice`,
    // Only the death of a worker, before the commit, explains that another worker sent the mail again.
    unnoted.every((letter) => isBetween(letter.arrived_ms, killed_ms.get(letter.client), mail.sent_ms))
      ? null
      : `${name} was sent, but no worker died between the mail server's reply and the commit`,
  ].filter((finding) => finding !== null)
}

/**
 * The letters whose acceptance no worker has noted: all but the last one of a sent mail. A payment can stop asking for an action after
 * such a letter, and then the next worker drops the mail.
 */
const unnotedLetters = ({ status }: Pick<MailRow, 'status'>, letters: Letter[]) =>
  status === 'sent' ? letters.slice(0, -1) : letters

/** The mail server can read a letter a moment after its worker has died. */
const isBetween = (arrived_ms: number, killed_ms: number | undefined, sent_ms: number | null) =>
  killed_ms !== undefined && arrived_ms <= killed_ms + READ_WITHIN_MS && (sent_ms === null || killed_ms <= sent_ms)

/** The token of the letter's link, if it has one, is one of this mail. */
function hasKnownToken(text: string, hashes: string[]): boolean {
  const token = /https:\/\/market\.example\/[\w-]+\/([\w-]{43})/.exec(text)?.[1]
  return !token || hashes.includes(Buffer.from(hashToken(token)).toString('hex'))
}

/** Counts the letters beyond the first of each mail, by the kill that caused each. */
function countCopies(by_id: Map<number, Letter[]>, { killed_ms }: Witness): Copies {
  const earlier = [...by_id.values()].flatMap((letters) => letters.slice(0, -1))
  const by_kill = [...Map.groupBy(earlier, ({ client }) => client).values()]
  return {
    copies: earlier.length,
    kills: by_kill.length,
    most_of_one_kill: Math.max(0, ...by_kill.map(({ length }) => length)),
    longest_gap_ms: Math.max(0, ...earlier.map(({ client, arrived_ms }) => (killed_ms.get(client) ?? 0) - arrived_ms)),
  }
}
