-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '30s';
alter table shops
  add column is_on_vacation boolean not null default false,
  add column vacation_message text,
  add constraint shops_vacation_message_has_a_sane_length check (char_length(vacation_message) between 1 and 500) not valid;
comment on column shops.is_on_vacation is 'While true nothing of the shop can be added to a cart or checked out, and no list offers it.';
comment on column shops.vacation_message is 'What the shop tells its visitors meanwhile; kept for the next vacation.';

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '30s';
alter table shops drop column vacation_message, drop column is_on_vacation;
