-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '30s';
alter table reviews
  add column reply text,
  add column replied_at timestamptz,
  add constraint reviews_reply_has_a_sane_length check (char_length(reply) between 1 and 5000) not valid,
  add constraint reviews_reply_has_a_time check ((reply is null) = (replied_at is null)) not valid;
comment on column reviews.reply is 'What the shop answers in public.';
comment on column reviews.replied_at is 'When the reply was last written.';

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '30s';
alter table reviews drop column replied_at, drop column reply;
