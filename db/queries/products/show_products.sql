-- The listings of $1 that buyers can buy now, in the order of $1.
-- $1 product_ids
select shown_product_json(p, s, false) as item
from unnest($1::bigint[]) with ordinality wanted (id, position)
join products p on p.id = wanted.id
join shops s on s.id = p.shop_id
where p.archived_at is null and p.quantity > 0 and not s.is_on_vacation
order by wanted.position
