-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table shop_sections (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shops (id) on delete restrict,
  name text not null,
  position integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The key by which a listing states that its section is of its shop.
  constraint shop_sections_id_shop_id_key unique (id, shop_id),
  constraint shop_sections_name_has_1_to_50_characters check (char_length(name) between 1 and 50),
  constraint shop_sections_position_is_1_to_1000 check (position between 1 and 1000)
);
-- An index of an expression is no key for foreign keys. So a new name does not lock out listings that get the section.
create unique index shop_sections_shop_id_name_key on shop_sections (shop_id, lower(name));
create index shop_sections_shop_id_position_idx on shop_sections (shop_id, position, id);
comment on table shop_sections is 'How a shop groups its listings on its page, at most 50 sections a shop.';
comment on column shop_sections.id is 'The section.';
comment on column shop_sections.shop_id is 'Its shop.';
comment on column shop_sections.name is 'What buyers see, unique in the shop whatever its capital letters.';
comment on column shop_sections.position is 'The place in the list: lower comes first, equal ones by id.';
comment on column shop_sections.created_at is 'When it was added.';
comment on column shop_sections.updated_at is 'When the row last changed.';

-- migrate:down
drop table shop_sections;
