create or replace function check_cursor(after jsonb, sort text) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if after is not null and after ->> 0 is distinct from sort then
    raise exception using errcode = 'SWINV', detail = '{"field": "cursor"}',
      message = 'The cursor belongs to another list. Start again without `cursor`.';
  end if;
end;
$$;
comment on function check_cursor(jsonb, text) is 'Refuses a cursor [sort, state] of a list in another order. SWINV.';
