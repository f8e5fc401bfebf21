-- The whole category tree.
select json_build_object('items', category_tree()) as body
