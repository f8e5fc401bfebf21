create or replace function tg_commission_rates__keep_last() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWAPP',
    message = 'The last commission rate fits all sales and stays. Change its percent instead.';
end;
$$;
comment on function tg_commission_rates__keep_last() is 'Refuses to delete or move the commission rate that fits all sales. SWAPP.';

create or replace trigger commission_rates__keep_last before delete on commission_rates
  for each row when (old.position = 2147483647) execute function tg_commission_rates__keep_last();
create or replace trigger commission_rates__keep_last_place before update of position on commission_rates
  for each row when (old.position = 2147483647 and new.position <> old.position)
  execute function tg_commission_rates__keep_last();
create or replace trigger commission_rates__refuse_truncate before truncate on commission_rates
  for each statement execute function tg_commission_rates__keep_last();
create or replace trigger commission_rates__touch_updated_at before update on commission_rates
  for each row execute function tg__touch_updated_at();
