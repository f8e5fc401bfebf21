-- The time is that of the transaction, which is also the time of the events that it writes.
create or replace function tg__touch_updated_at() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
comment on function tg__touch_updated_at() is 'Sets updated_at on every update.';

create or replace trigger products__touch_updated_at before update on products
  for each row execute function tg__touch_updated_at();
create or replace trigger checkouts__touch_updated_at before update on checkouts
  for each row execute function tg__touch_updated_at();
create or replace trigger payments__touch_updated_at before update on payments
  for each row execute function tg__touch_updated_at();
create or replace trigger late_charges__touch_updated_at before update on late_charges
  for each row execute function tg__touch_updated_at();
create or replace trigger refunds__touch_updated_at before update on refunds
  for each row execute function tg__touch_updated_at();
create or replace trigger shipments__touch_updated_at before update on shipments
  for each row execute function tg__touch_updated_at();
create or replace trigger addresses__touch_updated_at before update on addresses
  for each row execute function tg__touch_updated_at();
create or replace trigger disputes__touch_updated_at before update on disputes
  for each row execute function tg__touch_updated_at();
create or replace trigger processing_profiles__touch_updated_at before update on processing_profiles
  for each row execute function tg__touch_updated_at();
create or replace trigger variants__touch_updated_at before update on variants
  for each row execute function tg__touch_updated_at();
create or replace trigger shipping_profiles__touch_updated_at before update on shipping_profiles
  for each row execute function tg__touch_updated_at();
