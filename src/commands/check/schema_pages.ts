/** Writes docs/SCHEMA.md from the catalog: the tables by domain, with a diagram of each domain. */
import type { Sql } from '../../platform/db/client.ts'

/** The tables of each domain. The test of the page fails for a table that no domain matches. */
const domains: { name: string; about: string; tables: RegExp }[] = [
  {
    name: 'Users',
    about: 'Accounts, guests, their sessions, and the mails to them.',
    tables: /^(users|user_tokens|mails|sessions|account_quotas|sign_in_addresses|addresses|second_factors|recovery_codes)$/,
  },
  {
    name: 'Shops and products',
    about: 'Shops, their listings, and the category tree.',
    tables:
      /^(shops|shop_sections|categories|products|product_options|variants|\w+_profiles|shipping_\w+|product_views|pictures|listing_counts)$/,
  },
  {
    name: 'Carts and favorites',
    about: 'Lines of carts, holds on one-of-a-kind items, and favorites.',
    tables: /^(cart_items|cart_additions|holds|favorites)$/,
  },
  {
    name: 'Checkout and payments',
    about: 'One payment for all orders of a cart, and its outcome.',
    tables: /^(countries|checkouts|checkout_lines|payments|payment_events|late_charges|idempotency_keys|key_counts)$/,
  },
  {
    name: 'Orders and reviews',
    about: 'What one shop sends to one buyer, its audit trail, refunds, shipments, disputes and reviews.',
    tables: /^(orders|order_items|order_events|refunds|refund_items|shipments|shipment_items|disputes|reviews)$/,
  },
  {
    name: 'Money of sellers',
    about: 'The ledger, what the marketplace keeps, and the payouts to shops.',
    tables: /^(settings|commission_rates|order_commissions|order_holds|ledger_\w+|shop_balances|transfers|payouts|payout_\w+)$/,
  },
  {
    name: 'Search',
    about: 'The tables that searches read besides the listings.',
    tables: /^(product_search|search_\w+|loaded_synonyms)$/,
  },
  {
    name: 'Discovery and statistics',
    about: 'Computed from the other tables, and computed again when lost.',
    tables: /^(product_neighbors|product_popularity|shop_statistics|statistics_days)$/,
  },
  {
    name: 'Running the service',
    about: 'Coordination of the processes, and the record of deploys.',
    tables: /^(changes|processes|leases|service_secrets|deployed_functions|deployed_triggers|schema_migrations)$/,
  },
]

type Column = { name: string; type: string; is_required: boolean; filled: string | null; comment: string | null }
type Constraint = {
  name: string
  type: string
  definition: string
  columns: string[]
  target: string | null
  is_optional: boolean
}
type Table = {
  name: string
  comment: string | null
  columns: Column[]
  constraints: Constraint[]
  indexes: string[]
  triggers: string[]
}

/** Returns the page as Markdown. Throws if a table belongs to no domain. */
export async function renderSchemaPages(sql: Sql): Promise<string> {
  const tables = await readTables(sql)
  const homeless = tables.find(({ name }) => !domains.some((domain) => domain.tables.test(name)))
  if (homeless) throw new Error(`The table ${homeless.name} has no domain. Add it to src/commands/check/schema_pages.ts.`)
  const sections = domains.map(({ name, about, tables: own }) => {
    const members = tables.filter((table) => own.test(table.name))
    return [`## ${name}`, about, renderDiagram(members), ...members.map(renderTable)].join('\n\n')
  })
  return `${sections.join('\n\n')}\n`
}

/**
 * Reads all tables except those of extensions, without the parts that differ between PostgreSQL 15 and 18 (NOT NULL as a
 * constraint).
 */
async function readTables(sql: Sql): Promise<Table[]> {
  const rows = await sql<{ table_json: string }[]>`
    select json_build_object(
      'name', c.relname,
      'comment', obj_description(c.oid, 'pg_class'),
      'columns', (
        select json_agg(json_build_object(
          'name', a.attname,
          'type', replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz'),
          'is_required', a.attnotnull,
          'filled', case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'generated'
            else pg_get_expr(d.adbin, d.adrelid) end,
          'comment', col_description(c.oid, a.attnum)
        ) order by a.attnum)
        from pg_attribute a
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ),
      'constraints', (
        select coalesce(json_agg(json_build_object(
          'name', k.conname, 'type', k.contype, 'definition', pg_get_constraintdef(k.oid, true), 'target', t.relname,
          'columns', array(
            select a.attname from unnest(k.conkey) with ordinality u (attnum, place)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = u.attnum
            order by u.place
          ),
          'is_optional', exists(
            select from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey) and not a.attnotnull
          )
        ) order by array_position(array['p', 'u', 'f', 'c', 'x'], k.contype::text), k.conname), '[]')
        from pg_constraint k
        left join pg_class t on t.oid = k.confrelid
        where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
      ),
      'indexes', array(
        select pg_get_indexdef(i.indexrelid, 0, true) from pg_index i join pg_class n on n.oid = i.indexrelid
        where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        order by n.relname
      ),
      'triggers', array(
        select distinct obj_description(g.tgfoid, 'pg_proc') from pg_trigger g
        where g.tgrelid = c.oid and not g.tgisinternal
        order by 1
      )
    )::json as table_json
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by c.relname`
  return rows.map(({ table_json }) => JSON.parse(table_json))
}

/** Returns a diagram of the keys and foreign keys of a domain. A table of another domain is a box without columns. */
function renderDiagram(tables: Table[]): string {
  const boxes = tables.flatMap(({ name, columns, constraints }) => {
    const keys = columns.map((column) => ({ ...column, roles: rolesOf(column.name, constraints) })).filter(({ roles }) => roles)
    const lines = keys.map((column) => `    ${column.type.replaceAll(/\W+/g, '_')} ${column.name} ${column.roles}`)
    return lines.length > 0 ? [`  ${name} {`, ...lines, '  }'] : [`  ${name}`]
  })
  const lines = tables.flatMap(({ name, constraints }) =>
    constraints
      .filter(({ type }) => type === 'f')
      .map(({ columns, target, is_optional }) => {
        const is_single = constraints.some((other) => 'pu'.includes(other.type) && `${other.columns}` === `${columns}`)
        return `  ${target} ${is_optional ? '|o' : '||'}--${is_single ? 'o|' : 'o{'} ${name} : "${columns.join(', ')}"`
      }),
  )
  return ['```mermaid', 'erDiagram', ...boxes, ...lines, '```'].join('\n')
}

function rolesOf(column: string, constraints: Constraint[]): string {
  const letters = { p: 'PK', f: 'FK', u: 'UK' }
  const roles = Object.entries(letters).filter(([type]) =>
    constraints.some((constraint) => constraint.type === type && constraint.columns.includes(column)),
  )
  return roles.map(([, role]) => role).join(', ')
}

function renderTable(table: Table): string {
  const rows = table.columns.map(({ name, type, is_required, filled, comment }) => {
    const what = `${is_required ? '' : 'null or '}${type}`
    return `| \`${name}\` | ${what} | ${filled === null ? '' : `\`${inCell(filled)}\``} | ${inCell(comment ?? '')} |`
  })
  const rules = table.constraints.map((constraint) => `- ${inWords(table.name, constraint)}`)
  const indexes = table.indexes.map(
    (definition) =>
      `- \`${definition
        .replace(/^CREATE /, '')
        .replaceAll('public.', '')
        .replace(' ON ONLY ', ' ON ')}\``,
  )
  return [
    `### ${table.name}`,
    ...(table.comment ? [table.comment] : []),
    ['| column | type | filled with | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...(rules.length > 0 ? [`Rules:\n\n${rules.join('\n')}`] : []),
    ...(indexes.length > 0 ? [`Indexes besides those of its keys:\n\n${indexes.join('\n')}`] : []),
    ...(table.triggers.length > 0 ? [`Triggers:\n\n${table.triggers.map((what) => `- ${what}`).join('\n')}`] : []),
  ].join('\n\n')
}

const ON_DELETE: Record<string, string> = {
  CASCADE: 'goes with it',
  RESTRICT: 'keeps it from being deleted',
  'SET NULL': 'becomes null when it goes',
}

/** The most characters of a condition on the page. The name of the constraint is a sentence that replaces a longer one. */
const SHORT_CONDITION = 100

function inWords(table: string, { name, type, definition, columns, target }: Constraint): string {
  const named = columns.map((column) => `\`${column}\``).join(', ')
  if (type === 'p') return `the key is ${named}`
  if (type === 'u')
    return `no two rows have the same ${named}${definition.includes('NULLS NOT DISTINCT') ? ', null included' : ''}`
  if (type === 'f') {
    const action = ON_DELETE[/ON DELETE (CASCADE|RESTRICT|SET NULL)/.exec(definition)?.[1] ?? ''] ?? 'refers to it'
    return `${named} is one of \`${target}\`, and ${action}`
  }
  const condition = definition.replace(/^CHECK \((.*)\)$/, '$1').replaceAll(/::(text|numeric)\b/g, '')
  const sentence = name.replace(new RegExp(`^${table}_`), '').replaceAll('_', ' ')
  return condition.length <= SHORT_CONDITION ? `${sentence}: \`${condition}\`` : sentence
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
}
