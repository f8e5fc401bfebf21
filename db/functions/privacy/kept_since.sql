create or replace function kept_since(what text) returns timestamptz
language sql stable
set search_path = public, pg_temp
as $$
  select statement_timestamp() - p.period from retention_periods() p where p.what = kept_since.what
$$;
comment on function kept_since(text) is 'Returns the time before which data of a kind is deleted.';
