-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
comment on column shop_statistics.refunded is
  'Refunds of that day, whole or in part, without failed ones, whenever their orders were paid, so that old days do not change.';

-- migrate:down
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
comment on column shop_statistics.refunded is
  'Totals of paid orders that were cancelled or refunded that day, whenever they were paid, so that old days do not change.';
