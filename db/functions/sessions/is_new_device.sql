-- A sign-in without a known address (SQL) is no new device.
create or replace function is_new_device(u users, address_hash bytea, device text) returns boolean
language sql stable
set search_path = public, pg_temp
as $$
  select is_new_device.address_hash is not null and u.first_signed_in_at is not null
    and not exists (
      select from sign_in_addresses a
      where a.user_id = u.id and a.address_hash = is_new_device.address_hash and a.last_signed_in_at > now() - interval '30 days'
    )
    and not exists (
      select from sessions s
      where s.user_id = u.id and s.expires_at > now() and s.device is not distinct from is_new_device.device
    )
$$;
comment on function is_new_device(users, bytea, text) is
  'Whether an account that signed in before signs in from an address that is unknown for 30 days, and from a device that none of '
  'its sessions has.';
