-- The caller has locked the order. The order shows the tracking of its newest shipment.
create or replace function note_shipment(o orders, s shipments, new_status text, actor_id bigint, change text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update orders
  set tracking = (
    select jsonb_build_object('carrier', newest.carrier, 'tracking_number', newest.tracking_number)
    from shipments newest where newest.order_id = o.id order by newest.id desc limit 1
  )
  where orders.id = o.id;
  perform move_order(
    o, new_status, actor_id, jsonb_build_object('shipment', without_personal_fields(shipment_json(s)::jsonb)), change
  );
  if change = 'shipment' then
    perform write_mail('order_shipped', o.buyer_id, s.id);
  elsif (
    select count(*) from mails m
    where m.user_id = o.buyer_id and m.kind = 'tracking_corrected' and m.created_at > now() - interval '1 day'
  ) < 3 then
    -- Each correction is a fact of its own. A seller who corrects often must not fill the buyer's mailbox.
    perform write_mail('tracking_corrected', o.buyer_id, (select max(e.id) from order_events e where e.order_id = o.id));
  end if;
end;
$$;
comment on function note_shipment(orders, shipments, text, bigint, text) is
  'Updates the tracking of a locked order after a change of one of its shipments, and writes the event and the mail.';
