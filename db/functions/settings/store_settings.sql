-- variables: an object of names and values. Only names that functions read, because the API can call it. The value null means that
-- the variable is not set. Names that are not in it stay, so a process of another version keeps its own ones. Without a difference it
-- writes nothing.
-- Locks: the settings by name, so that starts at once cannot deadlock.
create or replace function store_settings(variables jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_given record;
begin
  for v_given in select v.key as name, v.value from jsonb_each_text(variables) v order by v.key loop
    if v_given.name not in ('PAYOUT_HOLD_DAYS', 'PAYOUT_MINIMUM', 'PAYOUT_PROVIDER', 'PAYOUTS_PAUSED') then
      perform refuse_field(v_given.name, 'No function reads this variable.');
    end if;
    if v_given.value is null then
      delete from settings s where s.name = v_given.name;
    elsif v_given.value is distinct from setting(v_given.name) then
      insert into settings as s (name, value) values (v_given.name, v_given.value)
      on conflict (name) do update set value = excluded.value, updated_at = now();
    end if;
  end loop;
end;
$$;
comment on function store_settings(jsonb) is
  'Stores environment variables of the server, and removes those that are null. Each start calls it. SWINV.';
