-- One-of-a-kind items that carts hold, with buyer and end, and lapsed holds that still exist.
-- Normal: `lapsed` rows are at most a minute old, because expire_reservations runs each minute. Older ones mean that no worker
-- runs (waiting_jobs.sql). They block no buyer, because the next buyer takes a lapsed hold over. To delete them by hand: select
-- count(*) from expire_reservations();
select p.id as product_id, p.shop_id, p.title, p.quantity as on_hand, ci.user_id as held_by, 1 as held, ci.reserved_until,
  case when ci.reserved_until > now() then 'live' else 'lapsed' end as hold
from cart_items ci
join products p on p.id = ci.product_id
where ci.reserved_until is not null
order by ci.reserved_until;
