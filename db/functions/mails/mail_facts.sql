-- The shapes are those of src/domains/mails/samples.ts. A mail that a person could send to a stranger names no title, name or text
-- of that person: verify_email, change_email, reset_password, payment_failed, payment_action, and checkout_paid to an address that
-- no account has proved.
-- The session of new_device can have ended: a stranger who signed in can sign out again, and the owner still gets the notice.
create or replace function mail_facts(m mails) returns json
language plpgsql stable
set search_path = public, pg_temp
-- The statements look up rows by id in every month. PostgreSQL would plan each month in each call.
set plan_cache_mode = force_generic_plan
as $$
begin
  case
    when m.kind = 'checkout_paid' then
      return (
        select json_build_object('checkout', mail_checkout_json(c, is_proved_address(m.email)))
        from checkouts c where c.id = m.fact_id
      );
    when m.kind = 'payment_failed' then
      return (select json_build_object('checkout', json_build_object('total', c.total::text)) from checkouts c where c.id = m.fact_id);
    when m.kind = 'payment_action' then
      return (
        select json_build_object('checkout', json_build_object(
          'total', c.total::text, 'action_url', p.next_action ->> 'url', 'action_until', to_rfc3339(c.charge_until)
        ))
        from checkouts c join payments p on p.checkout_id = c.id
        where c.id = m.fact_id and p.status = 'requires_action' and not c.is_given_up
      );
    when m.kind = 'order_shipped' then
      return (
        select json_build_object('order', mail_order_json(o), 'shipment', mail_shipment_json(s))
        from shipments s join orders o on o.id = s.order_id
        where s.id = m.fact_id
      );
    when m.kind = 'tracking_corrected' then
      -- The buyer's orders are few. No index finds an event by its id alone.
      return (
        select json_build_object('order', mail_order_json(o), 'shipment', mail_shipment_json(s))
        from orders o
        join order_events e on e.order_id = o.id and e.id = m.fact_id
        join shipments s on s.id = (e.detail -> 'shipment' ->> 'id')::bigint
        where o.buyer_id = m.user_id
      );
    when m.kind in ('order_refunded', 'refund_failed') then
      return (
        select json_build_object('order', mail_order_json(o), 'refund', json_build_object(
          'amount', r.amount::text, 'reason', r.reason, 'note', r.note, 'failure_reason', r.failure_reason
        ))
        from refunds r join orders o on o.id = r.order_id
        where r.id = m.fact_id
      );
    when m.kind = 'order_sold' then
      return (
        select json_build_object('order', mail_order_json(o, to_seller => true)) from orders o where o.id = m.fact_id
      );
    when m.kind = 'order_late' then
      return (select json_build_object('order', mail_order_json(o)) from orders o where o.id = m.fact_id and o.status = 'paid');
    when m.kind in ('order_cancelled', 'sold_order_cancelled') then
      return (select json_build_object('order', mail_order_json(o)) from orders o where o.id = m.fact_id);
    when m.kind = 'new_device' then
      return json_build_object('session', json_build_object(
        'device', (select s.device from sessions s where s.id = m.fact_id),
        'created_at', to_rfc3339(m.created_at)
      ));
    else
      return (
        select json_build_object('link_ttl_s', extract(epoch from k.token_ttl)::integer) from mail_kinds() k where k.kind = m.kind
      );
  end case;
end;
$$;
comment on function mail_facts(mails) is
  'Returns what the template of a mail needs; null if there is nothing left to tell, such as a payment that asks no more.';
