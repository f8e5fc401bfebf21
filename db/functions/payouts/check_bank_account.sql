create or replace function check_bank_account(holder_name text, iban text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if not is_holder_name(check_bank_account.holder_name) then
    perform refuse_field('holder_name', 'The name can have letters, digits, spaces and . , '' - & ( ) / + : only.');
  elsif not is_iban(check_bank_account.iban) then
    perform refuse_field('iban', 'The IBAN is not valid. Check its country and its digits.');
  end if;
end;
$$;
comment on function check_bank_account(text, text) is 'Refuses a name or an IBAN for which a bank rejects a payout file. SWINV.';
