import type { Pool } from '../../src/platform/db/client.ts'

/**
 * Returns the objects of the schema `public` as PostgreSQL writes them, sorted. Equal lists mean equal schemas. The partitions of
 * months are left out, because they depend on the day.
 */
export async function describeSchema(sql: Pool): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    with ours as (
      select c.oid, c.relname, c.relkind from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relname !~ '_\\d{6}(_|$)'
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    )
    select format('column %s.%s %s %s %s %s %s', o.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated) as line
    from ours o
    join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
    where o.relkind in ('r', 'p')
    union all
    select format('constraint %s %s', k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join ours o on o.oid = k.conrelid
    where k.conparentid = 0
    union all
    select pg_get_indexdef(o.oid) from ours o where o.relkind in ('i', 'I')
    union all
    select pg_get_triggerdef(t.oid) from pg_trigger t join ours o on o.oid = t.tgrelid where not t.tgisinternal
    union all
    select pg_get_functiondef(p.oid) from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select format('comment on %s %s: %s', o.relname, a.attname, d.description)
    from pg_description d join ours o on o.oid = d.objoid
    left join pg_attribute a on a.attrelid = o.oid and a.attnum = d.objsubid and d.objsubid > 0
    union all
    select format('sequence %s', o.relname) from ours o where o.relkind = 'S'
    union all
    select format('extension %s', e.extname) from pg_extension e
    union all
    select format('text search configuration %s', c.cfgname) from pg_ts_config c where c.cfgnamespace = 'public'::regnamespace
    order by 1`
  return rows.map(({ line }) => line)
}
