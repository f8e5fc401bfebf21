-- The mail of the token names the orders. They are shown while they belong to the person of the mail.
create or replace function show_order_access(token_hash bytea)
returns table (item json, shop_name text, is_guest boolean, expires_at text)
language plpgsql stable security definer
set search_path = public, pg_temp
-- The statements look up rows by id in every month. PostgreSQL would plan each month in each call.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_token user_tokens;
  v_mail mails;
  v_order_ids bigint[];
begin
  select t.* into v_token from user_tokens t
  where t.token_hash = show_order_access.token_hash and t.purpose = 'order_access'
    and t.used_at is null and t.expires_at > clock_timestamp();
  select m.* into v_mail from mails m where m.id = v_token.mail_id;
  v_order_ids := case v_mail.kind
    when 'checkout_paid' then array(
      select o.id from orders o where o.checkout_id = v_mail.fact_id and is_in_month_of(o.id, v_mail.fact_id)
    )
    when 'order_shipped' then array(select s.order_id from shipments s where s.id = v_mail.fact_id)
    -- The buyer's orders are few. No index finds an event by its id alone.
    when 'tracking_corrected' then array(
      select o.id from orders o join order_events e on e.order_id = o.id and e.id = v_mail.fact_id
      where o.buyer_id = v_mail.user_id
    )
    when 'order_refunded' then array(select r.order_id from refunds r where r.id = v_mail.fact_id)
    when 'order_cancelled' then array[v_mail.fact_id]
  end;
  return query
    select order_json(o), s.name, u.is_guest, to_rfc3339(v_token.expires_at)
    from orders o
    join shops s on s.id = o.shop_id
    join users u on u.id = o.buyer_id
    where o.id = any (v_order_ids) and o.buyer_id = v_token.user_id
    order by o.id;
end;
$$;
comment on function show_order_access(bytea) is
  'Returns the orders that the mail of a token is about, with the names of their shops. token_hash is the SHA-256 of the token. No '
  'row if the token does not work.';
