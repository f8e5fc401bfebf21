-- base_url is the public URL of the service, without a slash at its end.
create or replace function picture_json(p pictures, base_url text) returns json
language sql stable
set search_path = public, pg_temp
as $$
  select json_build_object(
    'id', p.id,
    'url', format('%s/pictures/%s/full.webp', base_url, picture_key(p)),
    'width', p.width,
    'height', p.height,
    'bytes', p.bytes,
    'thumbnails', json_build_object(
      'small', format('%s/pictures/%s/small.webp', base_url, picture_key(p)),
      'medium', format('%s/pictures/%s/medium.webp', base_url, picture_key(p))
    ),
    'created_at', to_rfc3339(p.created_at)
  )
$$;
comment on function picture_json(pictures, text) is 'Renders a picture with URLs below base_url.';
