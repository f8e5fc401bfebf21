-- The second step of adopt_guest_orders, which holds the locks. The mails, their tokens, and the keys of checkouts become those of
-- the account: its erasure deletes them, and a settlement still reads its key (is_key_of). The key's new name is no key of a client.
--
-- A call that holds the record of another key can wait for the lock of the guest. So locked records are skipped: they hold no
-- response yet, and forget_keys deletes them.
create or replace function end_guests(guest_ids bigint[], account_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  delete from sessions s where s.user_id = any (guest_ids);
  update user_tokens t set user_id = end_guests.account_id where t.user_id = any (guest_ids);
  update mails m set user_id = end_guests.account_id where m.user_id = any (guest_ids);
  update idempotency_keys k set user_id = end_guests.account_id, key = format('guest %s checkout %s', k.user_id, k.checkout_id)
  where k.user_id = any (guest_ids) and k.checkout_id is not null;
  delete from idempotency_keys k
  where (k.user_id, k.call, k.key) in (
    select own.user_id, own.call, own.key from idempotency_keys own where own.user_id = any (guest_ids) for update skip locked
  );
  update users u set email = format('erased-%s@stallwright.invalid', u.id), erased_at = now() where u.id = any (guest_ids);
end;
$$;
comment on function end_guests(bigint[], bigint) is
  'Ends guests whose orders an account has adopted: their sessions, their keys and their address.';
