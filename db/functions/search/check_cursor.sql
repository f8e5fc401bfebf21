create or replace function check_cursor(after jsonb, sort text) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if after is not null and after ->> 0 is distinct from sort then
    raise exception using errcode = 'SWINV', message = 'This is no cursor of this list.', detail = '{"field": "cursor"}';
  end if;
end;
$$;
comment on function check_cursor(jsonb, text) is 'Refuses a cursor [sort, state] of a list in another order. SWINV.';
