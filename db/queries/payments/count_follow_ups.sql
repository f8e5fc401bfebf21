-- Orders and late charges whose refund failed and was not made again, and open disputes.
select
  (select count(*) from refunds_owed_again()) + (select count(*) from late_charges lc where lc.status = 'failed') as failed_refunds,
  (select count(*) from disputes d where d.status = 'open') as open_disputes
