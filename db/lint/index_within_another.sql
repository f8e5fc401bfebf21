-- An index that is a prefix of another one costs writes and finds nothing more. Partitions follow their tables.
select i.indexrelid::regclass::text as object, format('It is the beginning of %s.', o.indexrelid::regclass) as finding
from pg_index i
join pg_class c on c.oid = i.indexrelid and c.relnamespace = 'public'::regnamespace and not c.relispartition
join pg_am a on a.oid = c.relam and a.amname = 'btree'
join pg_index o on o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid
join pg_class oc on oc.oid = o.indexrelid and oc.relam = c.relam
where not i.indisunique
  and i.indexprs is null and o.indexprs is null
  and pg_get_expr(i.indpred, i.indrelid) is not distinct from pg_get_expr(o.indpred, o.indrelid)
  and i.indnkeyatts = i.indnatts
  and (i.indnkeyatts < o.indnkeyatts or i.indnkeyatts = o.indnkeyatts and (o.indisunique or i.indexrelid > o.indexrelid))
  and not exists (
    select from generate_series(0, i.indnkeyatts - 1) n
    where (i.indkey[n], i.indclass[n], i.indcollation[n], i.indoption[n])
      is distinct from (o.indkey[n], o.indclass[n], o.indcollation[n], o.indoption[n])
  )
