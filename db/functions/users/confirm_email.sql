-- For a token of verify_email and one of change_email: both prove the address that they went to.
-- If the address is a new one, end_tokens ends the tokens of older addresses, so that none can bring one back, or show an order.
-- Locks: the person (use_token), then like adopt_guest_orders.
create or replace function confirm_email(token_hash bytea) returns table (user_id bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_token user_tokens := use_token(token_hash, 'verify_email');
  v_old_email text := (select u.email from users u where u.id = v_token.user_id);
begin
  if v_old_email <> v_token.email then
    begin
      update users u set email = v_token.email where u.id = v_token.user_id;
    exception when unique_violation then
      raise exception using errcode = 'SWEML', message = 'This e-mail already has an account. Sign in to that account.';
    end;
    perform end_tokens(v_token.user_id);
    perform write_mail('email_changed', v_token.user_id, email => v_old_email);
    perform write_mail('email_changed', v_token.user_id);
  end if;
  perform prove_address(v_token.user_id);
  return query select v_token.user_id;
end;
$$;
comment on function confirm_email(bytea) is
  'Makes the address that a token went to the verified address of its account, with the orders of its guests. SWINV: the token. '
  'SWEML: another account has the address.';
