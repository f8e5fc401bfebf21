-- How far the primary's log has come: whoever reads up to here, on this timeline, reads all that has been answered so far. As bytes, so
-- that it compares; that of what is inserted and not of what has reached the disk, which lags where somebody runs with
-- synchronous_commit = off. On a quiet primary the log writer takes it to the disk within wal_writer_delay.
-- The place for the next record comes after the header of its page, if that is new, where a replica that has everything has not been:
-- 40 bytes in the first page of a file and 24 in others (access/xlog_internal.h), a place where no record can end.
select ('x' || left(pg_walfile_name(p.lsn), 8))::bit(32)::integer as timeline,
  p.bytes - case
    when p.bytes % pg_size_bytes(current_setting('wal_segment_size')) = 40 then 40
    when p.bytes % current_setting('wal_block_size')::bigint = 24 then 24
    else 0
  end as position
from (
  select i.lsn, pg_wal_lsn_diff(i.lsn, '0/0')::bigint as bytes from (select pg_current_wal_insert_lsn() as lsn) i
) p
