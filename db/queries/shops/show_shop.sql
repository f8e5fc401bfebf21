-- A shop's public page. $1 shop_id
select shop_json(s) as body
from shops s
where s.id = $1
