-- A shop's public page, and its version, which changes when the owner edits the shop.
-- $1 shop_id
select shop_json(s) as body, shop_version(s) as version
from shops s
where s.id = $1
