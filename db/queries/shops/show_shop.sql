-- A shop's public page, and the version of what its owner says of it. $1 shop_id
select shop_json(s) as body, shop_version(s) as version
from shops s
where s.id = $1
