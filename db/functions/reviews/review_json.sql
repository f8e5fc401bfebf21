-- No search_path: inlined. Shows the reviewer's name, never the e-mail.
create or replace function review_json(r reviews, u users) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', r.id,
    'order_id', r.order_id,
    'shop_id', r.shop_id,
    'reviewer', json_build_object('id', u.id, 'display_name', u.display_name),
    'rating', r.rating,
    'comment', r.comment,
    'reply', case when r.reply is not null then json_build_object('comment', r.reply, 'created_at', to_rfc3339(r.replied_at)) end,
    'created_at', to_rfc3339(r.created_at)
  )
$$;
comment on function review_json(reviews, users) is 'Renders a review with its author''s name.';
