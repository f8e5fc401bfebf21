-- Which one-of-a-kind items are held in carts, by whom, until when; and which holds have lapsed and still lie there.
-- Normal: `lapsed` rows are at most a minute old, because expire_reservations runs each minute. Older ones: no worker runs
-- (waiting_jobs.sql). They keep nobody from buying: a lapsed hold is taken over by the next buyer. To delete them by hand:
-- select count(*) from expire_reservations();
select p.id as product_id, p.shop_id, p.title, p.quantity as on_hand, ci.user_id as held_by, 1 as held, ci.reserved_until,
  case when ci.reserved_until > now() then 'live' else 'lapsed' end as hold
from cart_items ci
join products p on p.id = ci.product_id
where ci.reserved_until is not null
order by ci.reserved_until;
