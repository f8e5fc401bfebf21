-- Adds the count in key_counts and the keys that are newer than it. Counts at most 1,000 newer keys, oldest first: a refused call
-- rolls its count back, so each refused call counts the same keys again. A key is final after 10 s: a call runs for at most
-- 2.2 s, so no older key can appear later, and most final keys have their responses. A stored count can include keys from
-- before the day, so the account may be refused a few hundred keys early. Stored errors count with their size on disk.
create or replace function count_keys(user_id bigint)
returns table (keys bigint, bytes bigint, final_keys bigint, final_bytes bigint, newest_final_at timestamptz)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with kept as (
      select coalesce(sum(c.keys), 0) as keys, coalesce(sum(c.bytes), 0) as bytes, max(c.newest_created_at) as newest_created_at
      from key_counts c
      where c.user_id = count_keys.user_id and c.newest_created_at > statement_timestamp() - interval '1 day'
    ),
    newer as (
      select k.created_at, coalesce(octet_length(k.body), 0) + coalesce(pg_column_size(k.refusal), 0) as bytes,
        k.created_at < statement_timestamp() - interval '10 seconds' as is_final
      from idempotency_keys k
      where k.user_id = count_keys.user_id
        and k.created_at > coalesce((select kept.newest_created_at from kept), statement_timestamp() - interval '1 day')
      order by k.created_at
      fetch first 1000 rows with ties
    )
    select (kept.keys + count(newer.bytes))::bigint, (kept.bytes + coalesce(sum(newer.bytes), 0))::bigint,
      count(newer.bytes) filter (where newer.is_final), coalesce(sum(newer.bytes) filter (where newer.is_final), 0)::bigint,
      max(newer.created_at) filter (where newer.is_final)
    from kept left join newer on true
    group by kept.keys, kept.bytes;
end;
$$;
comment on function count_keys(bigint) is
  'Returns how many Idempotency-Keys an account used within a day and how many bytes their stored responses have; and, as '
  'final_*, the part that is older than 10 s and not in key_counts yet.';
