-- The caller has used a token that went to the person's address, and so has locked the person.
create or replace function prove_address(user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update users u set email_verified_at = clock_timestamp(), mail_rejected_at = null where u.id = prove_address.user_id;
  perform adopt_guest_orders(prove_address.user_id);
end;
$$;
comment on function prove_address(bigint) is
  'Notes that a person has proved the address of the account, and gives the account the orders of guests with that address.';
