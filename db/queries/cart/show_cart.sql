-- Somebody's cart. $1 user_id
select cart_json($1) as body
