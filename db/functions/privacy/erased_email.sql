-- The random part keeps others from registering the address before, which would refuse the erasure.
create or replace function erased_email(user_id bigint) returns text
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select format('erased-%s-%s@stallwright.invalid', erased_email.user_id, replace(gen_random_uuid()::text, '-', ''))
$$;
comment on function erased_email(bigint) is 'Returns the address that replaces that of a person who was erased.';
