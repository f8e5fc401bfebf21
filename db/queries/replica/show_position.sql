-- The primary's insert LSN in bytes, and its timeline. A replica that has replayed this LSN shows every committed write. This is
-- the insert LSN and not the flush LSN, because with synchronous_commit = off commits return before the flush; on a quiet primary
-- the WAL writer flushes within wal_writer_delay.
-- At the start of a page, the insert LSN is already past the page header, where no record can end: 40 bytes in the first page
-- of a
-- segment, 24 in others (access/xlog_internal.h). A caught-up replica has not reached that LSN, so the header is subtracted.
select ('x' || left(pg_walfile_name(p.lsn), 8))::bit(32)::integer as timeline,
  p.bytes - case
    when p.bytes % pg_size_bytes(current_setting('wal_segment_size')) = 40 then 40
    when p.bytes % current_setting('wal_block_size')::bigint = 24 then 24
    else 0
  end as position
from (
  select i.lsn, pg_wal_lsn_diff(i.lsn, '0/0')::bigint as bytes from (select pg_current_wal_insert_lsn() as lsn) i
) p
