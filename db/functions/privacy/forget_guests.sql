-- Erased and not deleted, because the deletion of a user looks for the user in all events (tg_users__keep_actors). A session ends
-- 30 days after its last use, so a guest without one has been away at least that long. Skips locked rows.
create or replace function forget_guests(batch_size integer default 1000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_guest_ids bigint[];
begin
  v_guest_ids := array(
    select u.id from users u
    where u.is_guest and u.erased_at is null and u.created_at < kept_since('guests')
      and not exists (select from sessions s where s.user_id = u.id)
      and not exists (select from checkouts c where c.buyer_id = u.id)
    order by u.id
    limit batch_size
    for no key update skip locked
  );
  update users u set erased_at = clock_timestamp() where u.id = any (v_guest_ids);
  perform erase_user(guest.id) from unnest(v_guest_ids) guest (id);
  return cardinality(v_guest_ids);
end;
$$;
comment on function forget_guests(integer) is
  'Erases up to batch_size guests who never ordered and have no session left. Returns the number.';
