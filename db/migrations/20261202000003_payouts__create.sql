-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- The foreign keys also lock this table.
lock table shops in share row exclusive mode;

create table payout_accounts (
  shop_id bigint not null references shops (id) on delete restrict,
  provider text not null,
  reference text,
  country text not null,
  status text not null default 'pending',
  requirements text[] not null default '{}',
  holder_name text,
  iban text,
  bank_changed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (shop_id, provider),
  constraint payout_accounts_provider_reference_key unique (provider, reference),
  constraint payout_accounts_country_is_iso_3166_1_alpha_2 check (country ~ '^[A-Z]{2}$'),
  constraint payout_accounts_status_is_known check (status in ('pending', 'active', 'restricted', 'rejected')),
  constraint payout_accounts_holder_name_has_1_to_70_characters check (char_length(holder_name) between 1 and 70),
  constraint payout_accounts_iban_has_its_form check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  constraint payout_accounts_manual_ones_have_bank_details check (
    (holder_name is null) = (iban is null) and (provider = 'manual' or iban is null)
  )
);
comment on table payout_accounts is
  'Where the payouts of a shop go: its account at each payout provider. The row commits before the provider is asked.';
comment on column payout_accounts.shop_id is 'The shop.';
comment on column payout_accounts.provider is 'The payout provider: manual, simulated or stripe.';
comment on column payout_accounts.reference is 'The provider''s id of the account; null until it opened one.';
comment on column payout_accounts.country is 'The country of the shop''s bank, ISO 3166-1 alpha-2.';
comment on column payout_accounts.status is
  'pending until the seller has given what the provider asks for; active: payouts go out; restricted: the provider asks for more; '
  'rejected: it never will.';
comment on column payout_accounts.requirements is 'What the provider still asks for, in its own words.';
comment on column payout_accounts.holder_name is 'Whose bank account it is, for the payout file of the provider manual; null otherwise.';
comment on column payout_accounts.iban is 'The bank account, for the payout file of the provider manual; null otherwise.';
comment on column payout_accounts.bank_changed_at is
  'When another iban last took the place of an earlier one; null if none did. Payout files leave the account out for three days.';
comment on column payout_accounts.created_at is 'When the seller opened it.';
comment on column payout_accounts.updated_at is 'When the row last changed.';

create sequence payouts_id_seq maxvalue 999999999 cycle;
create table payouts (
  id bigint not null default next_dated_id('payouts_id_seq') primary key,
  shop_id bigint not null references shops (id) on delete restrict,
  provider text not null,
  amount numeric(12, 2) not null,
  status text not null default 'planned',
  provider_reference text,
  failure_reason text,
  problem text,
  requested_by bigint,
  file_id text,
  holder_name text,
  iban text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  paid_at timestamptz,
  constraint payouts_amount_is_positive check (amount > 0),
  constraint payouts_status_is_known check (status in ('planned', 'sent', 'paid', 'returned', 'failed', 'unknown')),
  constraint payouts_problem_is_known check (problem in ('amount_differs', 'reference_differs', 'paid_after_failed')),
  constraint payouts_paid_ones_have_a_time check ((status in ('paid', 'returned')) = (paid_at is not null)),
  constraint payouts_bank_details_are_of_a_file check ((holder_name is null) = (iban is null) and (file_id is not null or iban is null)),
  constraint payouts_planned_ones_are_in_no_file check (file_id is null or status <> 'planned')
);
alter sequence payouts_id_seq owned by payouts.id;
create unique index payouts_open_key on payouts (shop_id) where status in ('planned', 'sent', 'unknown');
create unique index payouts_provider_reference_key on payouts (provider, provider_reference) where provider_reference is not null;
create index payouts_shop_id_idx on payouts (shop_id, id);
create index payouts_failed_idx on payouts (shop_id, id) where status = 'failed';
create index payouts_problem_idx on payouts (shop_id) where problem is not null;
create index payouts_file_id_idx on payouts (file_id) where file_id is not null;
create index payouts_open_idx on payouts (updated_at) where status in ('planned', 'sent', 'unknown');
comment on table payouts is
  'Money on its way to shops. The row commits before the provider is asked. A shop has one open payout at most.';
comment on column payouts.id is 'The month of the payout, then its number. The provider receives it as a key.';
comment on column payouts.shop_id is 'The shop.';
comment on column payouts.provider is 'The provider that sends it. A later change of PAYOUT_PROVIDER does not change it.';
comment on column payouts.amount is 'The sum of its items, in US dollars.';
comment on column payouts.status is
  'planned until the provider is asked; sent: it took the payout; paid: the bank has it; returned: the bank sent it back; failed: it '
  'never left; unknown: the provider did not answer clearly, so the money stays claimed until it does.';
comment on column payouts.provider_reference is 'The provider''s id of the payout; null until it took it.';
comment on column payouts.failure_reason is 'Why it failed or came back, in the provider''s words; null otherwise.';
comment on column payouts.problem is
  'What a report of the provider said against this row: amount_differs, reference_differs or paid_after_failed. The shop gets no new '
  'payout until an operator has looked at it and sets it to null.';
comment on column payouts.requested_by is 'The operator who asked for it; null if plan_payouts did.';
comment on column payouts.file_id is
  'The payout file that has it, which is the MsgId of a pain.001; null if the provider is not manual, or no file had it.';
comment on column payouts.holder_name is 'Whose bank account it went to, as it was when the file was made; null without a file.';
comment on column payouts.iban is 'The bank account that it went to, as it was when the file was made; null without a file.';
comment on column payouts.created_at is 'When it was planned.';
comment on column payouts.updated_at is 'When the row last changed.';
comment on column payouts.paid_at is 'When the bank had it; null before.';

create table transfers (
  id bigint generated always as identity primary key,
  transaction_id bigint not null,
  shop_id bigint not null references shops (id) on delete restrict,
  order_id bigint,
  amount numeric(12, 2) not null,
  payout_id bigint references payouts (id) on delete restrict,
  status text not null default 'planned',
  provider_reference text,
  failure_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint transfers_transaction_id_shop_id_order_id_key unique nulls not distinct (transaction_id, shop_id, order_id),
  constraint transfers_amount_is_not_0 check (amount <> 0),
  constraint transfers_status_is_known check (status in ('planned', 'done', 'failed', 'unknown'))
);
create index transfers_shop_id_payout_id_idx on transfers (shop_id, payout_id);
create index transfers_payout_id_idx on transfers (payout_id) where payout_id is not null;
create index transfers_order_id_idx on transfers (order_id) where order_id is not null;
comment on table transfers is
  'Each change of what is available to a shop: a release, a refund after it, a dispute, an adjustment. Payouts are made of them.';
comment on column transfers.id is 'The transfer. The provider receives it as a key.';
comment on column transfers.transaction_id is 'The ledger transaction that booked it.';
comment on column transfers.shop_id is 'The shop.';
comment on column transfers.order_id is 'The order; null for an adjustment. No foreign key, so that old months can be detached.';
comment on column transfers.amount is 'In US dollars. Negative: the shop gives it back.';
comment on column transfers.payout_id is 'The payout that it is in; null while it is in none, also after its payout failed or came back.';
comment on column transfers.status is
  'planned until the provider is asked; done: the money is in the shop''s account there; unknown as in payouts; failed for good: '
  'the provider refused, so the next payouts are lower by it.';
comment on column transfers.provider_reference is 'The provider''s id of the transfer or reversal; null until it made it.';
comment on column transfers.failure_reason is 'Why it failed, in the provider''s words; null otherwise.';
comment on column transfers.created_at is 'When it was booked.';
comment on column transfers.updated_at is 'When the row last changed.';

create table payout_items (
  payout_id bigint not null references payouts (id) on delete restrict,
  transfer_id bigint not null references transfers (id) on delete restrict,
  primary key (payout_id, transfer_id)
);
create index payout_items_transfer_id_idx on payout_items (transfer_id);
comment on table payout_items is 'The transfers that each payout was made of. Rows never change.';
comment on column payout_items.payout_id is 'The payout.';
comment on column payout_items.transfer_id is 'The transfer. It is in several payouts if the earlier ones failed or came back.';

-- migrate:down
drop table payout_items;
drop table transfers;
drop table payouts;
drop table payout_accounts;
