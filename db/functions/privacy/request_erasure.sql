-- verified_password: the stored hash that the given password matched; null for a guest, who has none.
--
-- From here on the person cannot sign in, and no order of theirs begins. The deletion of a buyer is then complete. That of a
-- seller, which changes all listings, and of guests continues in jobs.
-- An account takes the guests of its address from before its last proof with it. Later ones can be other people.
-- Locks: the person, the guests by id, then the shops by id. A checkout of a listing holds the lock of its shop, so it either
-- comes first, and its order is open, or finds the shop on vacation.
create or replace function request_erasure(user_id bigint, verified_password text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
  v_person_ids bigint[];
  v_guest_ids bigint[];
  v_open_order_ids bigint[];
  v_shop_ids bigint[];
begin
  perform lock_buyer(request_erasure.user_id);
  select u.* into v_user from users u where u.id = request_erasure.user_id;
  if not v_user.is_guest and v_user.password is distinct from verified_password then
    raise exception using errcode = 'SWINV', message = 'must be the current password', detail = '{"field": "password"}';
  end if;
  v_person_ids := array(
    select u.id from users u
    where u.id = v_user.id
      or normal_email(u.email) = normal_email(v_user.email) and u.is_guest and u.erased_at is null and not v_user.is_guest
        and u.created_at < v_user.email_verified_at
    order by u.id
    for no key update
  );
  perform from shops s where s.owner_id = v_user.id order by s.id for no key update;
  v_open_order_ids := array(select o.id from unnest(v_person_ids) p (id), unnest(open_orders(p.id)) o (id) order by o.id);
  if v_open_order_ids <> '{}' then
    raise exception using errcode = 'SWOPN', detail = json_build_object('order_ids', v_open_order_ids),
      message = 'Some orders are open. Delete the account after they are shipped, cancelled or refunded.';
  end if;
  v_shop_ids := array(
    select s.id from shops s join shop_balances b on b.shop_id = s.id
    where s.owner_id = v_user.id and (b.pending, b.available, b.in_transit) <> (0, 0, 0)
    order by s.id
  );
  if v_shop_ids <> '{}' then
    raise exception using errcode = 'SWBAL', detail = json_build_object('shop_ids', v_shop_ids),
      message = 'A shop of the account has a balance. Delete the account after it is paid out.';
  end if;
  perform write_mail('account_erased', v_user.id);
  -- The end of a vacation with dates would open the shop again.
  update shops s set is_on_vacation = true, vacation_from = null, vacation_until = null
  where s.owner_id = v_user.id and (not s.is_on_vacation or s.vacation_from is not null);
  v_guest_ids := array_remove(v_person_ids, v_user.id);
  perform erase_soon(v_guest_ids);
  if exists (select from shops s where s.owner_id = v_user.id) then
    perform erase_soon(array[v_user.id]);
  else
    update users u set password = '*', erased_at = clock_timestamp() where u.id = v_user.id;
    perform erase_user(v_user.id);
  end if;
  -- Once more, for a seller's call that was running and keeps its response, with the address of this buyer, only after this commit.
  perform enqueue_job('erase_user', jsonb_build_object('user_id', v_user.id), 60);
end;
$$;
comment on function request_erasure(bigint, text) is
  'Closes the account of a person or a guest and deletes their data (erase_user). SWNTF: deleted already. SWINV: the password. '
  'SWOPN: orders are open. SWBAL: a shop has a balance.';
