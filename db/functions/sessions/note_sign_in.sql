create or replace function note_sign_in(user_id bigint, address_hash bytea) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  -- Limits the table: the owner of a network could sign in from a new address each time.
  v_max_addresses constant integer := 100;
begin
  update users u set first_signed_in_at = now() where u.id = note_sign_in.user_id and u.first_signed_in_at is null;
  insert into sign_in_addresses as a (user_id, address_hash)
  select note_sign_in.user_id, note_sign_in.address_hash where note_sign_in.address_hash is not null
  on conflict on constraint sign_in_addresses_pkey do update set last_signed_in_at = now();
  delete from sign_in_addresses a
  where a.user_id = note_sign_in.user_id and a.address_hash in (
    select old.address_hash from sign_in_addresses old
    where old.user_id = note_sign_in.user_id
    order by old.last_signed_in_at desc
    offset v_max_addresses
  );
end;
$$;
comment on function note_sign_in(bigint, bytea) is
  'Notes a sign-in and its address, null if unknown. The last hundred addresses of an account stay.';
