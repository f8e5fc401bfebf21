-- migrate:up
create table late_charges (
  payment_id bigint primary key references payments (id) on delete restrict,
  amount numeric(10, 2) not null,
  status text not null default 'pending',
  provider_reference text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint late_charges_status_is_known check (status in ('pending', 'refunded')),
  constraint late_charges_amount_is_not_negative check (amount >= 0)
);
create index late_charges_pending_idx on late_charges (payment_id) where status = 'pending';
comment on table late_charges is 'Charges that turned out paid after their checkout had been cancelled: each goes back whole, once.';
comment on column late_charges.provider_reference is 'The refund, as the provider calls it.';

create trigger late_charges__touch_updated_at before update on late_charges
  for each row execute function tg__touch_updated_at();

-- migrate:down
drop table late_charges;
