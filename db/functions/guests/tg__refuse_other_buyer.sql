-- The foreign key orders_checkout_id_buyer_id_fkey makes the buyer of an order that of its checkout.
create or replace function tg__refuse_other_buyer() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if not exists (
    select from users guest
    join users account on normal_email(account.email) = normal_email(guest.email) and not account.is_guest
    where guest.id = old.buyer_id and guest.is_guest and account.id = new.buyer_id and account.email_verified_at is not null
  ) then
    raise exception using errcode = 'SWAPP', message = format(
      'The buyer of %s changes only from a guest to the account that has proved the guest''s address.', tg_table_name
    );
  end if;
  return new;
end;
$$;
comment on function tg__refuse_other_buyer() is
  'Refuses another buyer of a checkout or an order, except the account that adopts those of a guest (SWAPP).';

create or replace trigger checkouts__refuse_other_buyer before update of buyer_id on checkouts
  for each row execute function tg__refuse_other_buyer();
create or replace trigger orders__refuse_other_buyer before update of buyer_id on orders
  for each row execute function tg__refuse_other_buyer();
