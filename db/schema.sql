-- Everything that db/migrations make: tables with their comments, constraints, indexes and triggers, as pg_dump of PostgreSQL 15
-- writes them. The functions of db/functions, pg-boss's schema and the partitions of months (create_partition) are not in it.
-- Written by UPDATE_DOCS=1 bun run test src/commands/check/schema_file.test.ts. A database is made by "bun run migrate", not by this file.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;
COMMENT ON EXTENSION fuzzystrmatch IS 'determine similarities and distance between strings';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';

CREATE FUNCTION public.create_partition(parent regclass, month date) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  v_parent constant text := (select c.relname from pg_class c where c.oid = parent);
  v_partition constant text := v_parent || to_char(month, '_YYYYMM');
  v_holds_days constant boolean := exists (
    select from pg_attribute a join pg_partitioned_table pt on pt.partrelid = a.attrelid and pt.partattrs[0] = a.attnum
    where a.attrelid = parent and a.atttypid = 'date'::regtype
  );
  v_trigger record;
begin
  if to_regclass(v_partition) is not null then
    return null;
  end if;
  execute format('create table %I (like %I including all)', v_partition, v_parent);
  execute format('comment on table %I is %L', v_partition, format('The part of %s that is of %s.', v_parent, to_char(month, 'YYYY-MM')));
  if v_parent = 'orders' then
    execute format(
      'alter table %I add constraint %I unique (checkout_id, shop_id)', v_partition, v_partition || '_checkout_id_shop_id_key'
    );
  end if;
  for v_trigger in
    select pg_get_triggerdef(t.oid) as definition from pg_trigger t
    where t.tgrelid = parent and not t.tgisinternal and t.tgtype & 1 = 0
    order by t.tgname
  loop
    execute replace(v_trigger.definition, format(' ON public.%I ', v_parent), format(' ON public.%I ', v_partition));
  end loop;
  execute format(
    'alter table %I attach partition %I for values from (%L) to (%L)', v_parent, v_partition,
    case when v_holds_days then month::text else to_char(month, 'YYYYMM') || '000000000' end,
    case when v_holds_days then (month + interval '1 month')::date::text else to_char(month + interval '1 month', 'YYYYMM') || '000000000' end
  );
  return v_partition;
end;
$$;
COMMENT ON FUNCTION public.create_partition(parent regclass, month date) IS 'Makes the partition of a table that holds a month, with the rules that each needs for itself; null where it is there.';

CREATE FUNCTION public.is_id_between(id bigint, first_id bigint, last_id bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
  select id >= first_id and id <= any (array[last_id])
$$;
COMMENT ON FUNCTION public.is_id_between(id bigint, first_id bigint, last_id bigint) IS 'Whether an id lies in a range: says which partitions to look into, and no more.';

CREATE FUNCTION public.is_of_checkout(order_id bigint, checkout_id bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
  select is_id_between(order_id, checkout_id / 1000000000 * 1000000000, checkout_id / 1000000000 * 1000000000 + 999999999)
$$;
COMMENT ON FUNCTION public.is_of_checkout(order_id bigint, checkout_id bigint) IS 'Whether an order can be one of a checkout, by the month of its id: whoever looks for orders by their checkout asks for this, too.';

CREATE FUNCTION public.next_dated_id(ids regclass) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select (extract(year from now() at time zone 'UTC') * 100 + extract(month from now() at time zone 'UTC'))::bigint * 1000000000 + nextval(ids)
$$;
COMMENT ON FUNCTION public.next_dated_id(ids regclass) IS 'The next id of a sequence with the month before it: 202611000000042. A month has room for 999,999,999, 385 a second all month long.';

CREATE FUNCTION public.one_deletes(word text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select array_agg(distinct case when i = 0 then word else overlay(word placing '' from i for 1) end)
  from generate_series(0, least(char_length(word), 24)) i
$$;
COMMENT ON FUNCTION public.one_deletes(word text) IS 'A word and what is left of it without one letter: two words one slip apart have one of these in common.';

CREATE FUNCTION public.spaced_words(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
  -- Two passes of a regular expression take a sixth of the time of one translate() with multi-byte characters.
  select regexp_replace(
    regexp_replace(content, '[''’‘]', '', 'g'),
    '[-/\\_.,:;@&+*=<>()\[\]{}|"#%!?~^$`–—…]', ' ', 'g'
  )
$_$;
COMMENT ON FUNCTION public.spaced_words(content text) IS 'A text with spaces for everything between words and nothing for apostrophes.';

CREATE FUNCTION public.stem_key(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce(string_agg(l.lexeme, ' ' order by l.position), '')
  from (
    select t.lexeme, unnest(t.positions) as position
    from unnest(to_tsvector('public.search_words', spaced_words(content))) t
  ) l
$$;
COMMENT ON FUNCTION public.stem_key(content text) IS 'The stems of a text''s words in their order: what "Cushion Covers" and "cushion cover" have in common.';

CREATE FUNCTION public.stem_keys(terms text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select coalesce(array_agg(stem_key(t.term) order by t.position), '{}') from unnest(terms) with ordinality t (term, position)
$$;
COMMENT ON FUNCTION public.stem_keys(terms text[]) IS 'stem_key of each term; null for null.';

CREATE FUNCTION public.tg__note_searches() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform note_changes('{searches}');
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg__note_searches() IS 'Writes into changes that every search may answer otherwise.';

CREATE FUNCTION public.tg__refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  raise exception using errcode = 'SWAPP',
    message = case tg_level
      when 'STATEMENT' then format('%s is append-only: %s is refused.', tg_table_name, lower(tg_op))
      else format('The parties and amounts of %s never change.', tg_table_name)
    end;
end;
$$;
COMMENT ON FUNCTION public.tg__refuse_change() IS 'Refuses to change what is written once (SWAPP).';

CREATE FUNCTION public.tg__touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  new.updated_at := now();
  return new;
end;
$$;
COMMENT ON FUNCTION public.tg__touch_updated_at() IS 'Sets updated_at on every update.';

CREATE FUNCTION public.tg_cart_items__count_additions() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into cart_additions as ca (product_id, added_on, lines)
  select a.product_id, (a.added_at at time zone 'UTC')::date, count(*)
  from added a
  where a.added_at = now()
  group by 1, 2
  order by 1, 2
  on conflict (product_id, added_on) do update set lines = ca.lines + excluded.lines;
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_cart_items__count_additions() IS 'Counts new lines of carts by product and day.';

CREATE FUNCTION public.tg_cart_items__note_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform note_changes(array(select 'cart:' || c.user_id from changed c group by c.user_id));
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_cart_items__note_change() IS 'Writes into changes whose carts are others.';

CREATE FUNCTION public.tg_checkouts__check_parts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  if new.total is distinct from (select sum(o.total) from orders o where o.checkout_id = new.id and is_of_checkout(o.id, new.id))
    or new.total is distinct from (select p.amount from payments p where p.checkout_id = new.id)
    or exists (
      select from orders o
      left join lateral (
        select sum(oi.quantity * oi.price_at_purchase) as cost from order_items oi
        where oi.order_id = o.id and is_of_checkout(oi.order_id, new.id)
      ) items on true
      where o.checkout_id = new.id and is_of_checkout(o.id, new.id) and o.subtotal is distinct from items.cost
    )
  then
    raise exception using errcode = 'SWSUM', message = format('The amounts of checkout %s do not add up.', new.id);
  end if;
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_checkouts__check_parts() IS 'Refuses, at commit, a checkout whose items, orders and payment do not add up to its total (SWSUM).';

CREATE FUNCTION public.tg_favorites__note_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform note_changes(array(
    select c.fav_type || ':' || c.fav_id from changed c
    union
    select 'shop:' || p.shop_id || ':products' from changed c join products p on p.id = c.fav_id where c.fav_type = 'product'
  ));
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_favorites__note_change() IS 'Writes into changes that a product''s or shop''s number of favorites is another.';

CREATE FUNCTION public.tg_orders__refuse_late_parts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if starts_with(tg_table_name, 'orders') and exists (
    select from added a join checkouts c on c.id = (to_jsonb(a) ->> 'checkout_id')::bigint where c.created_at <> now()
  ) or starts_with(tg_table_name, 'order_items') and exists (
    select from added a join orders o on o.id = (to_jsonb(a) ->> 'order_id')::bigint where o.created_at <> now()
  ) then
    raise exception using errcode = 'SWAPP', message = format('%s cannot be added to a checkout that is made.', tg_table_name);
  end if;
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_orders__refuse_late_parts() IS 'Refuses orders and items that join a checkout after its transaction (SWAPP).';

CREATE FUNCTION public.tg_products__index_facts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update product_search ps
  set price = new.price, is_vintage = new.is_vintage, in_stock = new.quantity > 0
  where ps.product_id = new.id;
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_products__index_facts() IS 'Keeps price, vintage and whether there is stock beside the text of a listing.';

CREATE FUNCTION public.tg_products__index_inserted() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform index_products(array(select i.id from inserted i));
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_products__index_inserted() IS 'Indexes new listings for search.';

CREATE FUNCTION public.tg_products__index_updated() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform index_products(array[new.id]);
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_products__index_updated() IS 'Indexes a changed listing for search, and takes an archived one out.';

CREATE FUNCTION public.tg_products__note_deleted() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform note_changes(
    array(
      select k.key from deleted d cross join lateral (values ('product:' || d.id), ('shop:' || d.shop_id), ('shop:' || d.shop_id || ':products')) k (key)
      group by k.key
    ),
    array(select d.id from deleted d order by d.id)
  );
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_products__note_deleted() IS 'Writes deleted listings into changes.';

CREATE FUNCTION public.tg_products__note_inserted() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform note_changes(
    array(
      select k.key from inserted i cross join lateral (values ('product:' || i.id), ('shop:' || i.shop_id), ('shop:' || i.shop_id || ':products')) k (key)
      group by k.key
    ),
    array(select i.id from inserted i order by i.id)
  );
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_products__note_inserted() IS 'Writes new listings into changes.';

CREATE FUNCTION public.tg_products__note_updated() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  v_keys text[] := array['product:' || new.id, 'shop:' || new.shop_id || ':products'];
  v_stock_changed boolean := old.quantity <> new.quantity;
  v_document_changed boolean :=
    (old.title, old.description, old.tags, old.category_id, old.price, old.is_vintage, old.created_at, old.archived_at is null)
    is distinct from
    (new.title, new.description, new.tags, new.category_id, new.price, new.is_vintage, new.created_at, new.archived_at is null);
begin
  if (old.archived_at is null) <> (new.archived_at is null) then
    v_keys := v_keys || ('shop:' || new.shop_id);
  end if;
  perform note_changes(
    v_keys,
    case when v_document_changed or v_stock_changed then array[new.id] else '{}' end,
    not v_document_changed
  );
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_products__note_updated() IS 'Writes a changed listing into changes: its page, its shop''s list, and what of it the search index holds.';

CREATE FUNCTION public.tg_sessions__note_ended() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform note_changes(array(select 'session:' || encode(e.token_hash, 'hex') from ended e));
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_sessions__note_ended() IS 'Writes into changes which sessions have ended.';

CREATE FUNCTION public.tg_shops__note_updated() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  v_keys text[] := array['shop:' || new.id];
begin
  if (old.name, old.rating, old.is_on_vacation, case when old.is_on_vacation then old.vacation_message end)
    is distinct from (new.name, new.rating, new.is_on_vacation, case when new.is_on_vacation then new.vacation_message end)
  then
    v_keys := v_keys || ('shop:' || new.id || ':products')
      || array(select 'product:' || p.id from products p where p.shop_id = new.id and p.archived_at is null);
  end if;
  perform note_changes(
    v_keys, sales_shop_id => case when (old.rating, old.sales_count) is distinct from (new.rating, new.sales_count) then new.id end
  );
  return null;
end;
$$;
COMMENT ON FUNCTION public.tg_shops__note_updated() IS 'Writes a changed shop into changes: its page, its listings where they show it, and its rating and sales.';

CREATE FUNCTION public.tg_users__check_email() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
begin
  -- RFC 5321, 4.1.2: a dot-atom of at most 64 characters, @, and a host name of RFC 1035 with a top-level domain of RFC 3696.
  if new.email !~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$'
    or position('@' in new.email) > 65
  then
    raise exception using errcode = 'SWINV', message = 'must be an e-mail address such as ann@example.com', detail = '{"field": "email"}';
  end if;
  return new;
end;
$_$;
COMMENT ON FUNCTION public.tg_users__check_email() IS 'Refuses a new e-mail that a mail server would not take. SWINV.';

CREATE TEXT SEARCH DICTIONARY public.english_stem_all (
    TEMPLATE = pg_catalog.snowball,
    language = 'english' );

CREATE TEXT SEARCH CONFIGURATION public.search_prose (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR asciiword WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR word WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR numword WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR sfloat WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR version WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR hword_numpart WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR hword_part WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR hword_asciipart WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR numhword WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR asciihword WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR hword WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR "float" WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR "int" WITH public.unaccent, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.search_prose
    ADD MAPPING FOR uint WITH public.unaccent, english_stem;

CREATE TEXT SEARCH CONFIGURATION public.search_spelling (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR asciiword WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR word WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR numword WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR sfloat WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR version WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR hword_numpart WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR hword_part WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR hword_asciipart WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR numhword WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR asciihword WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR hword WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR "float" WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR "int" WITH public.unaccent, simple;

ALTER TEXT SEARCH CONFIGURATION public.search_spelling
    ADD MAPPING FOR uint WITH public.unaccent, simple;

CREATE TEXT SEARCH CONFIGURATION public.search_words (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR asciiword WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR word WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR numword WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR sfloat WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR version WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR hword_numpart WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR hword_part WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR hword_asciipart WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR numhword WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR asciihword WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR hword WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR "float" WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR "int" WITH public.unaccent, public.english_stem_all;

ALTER TEXT SEARCH CONFIGURATION public.search_words
    ADD MAPPING FOR uint WITH public.unaccent, public.english_stem_all;


SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.account_quotas (
    user_id bigint NOT NULL,
    quota text NOT NULL,
    max integer NOT NULL,
    CONSTRAINT account_quotas_max_is_not_negative CHECK ((max >= 0)),
    CONSTRAINT account_quotas_quota_is_known CHECK ((quota = ANY (ARRAY['shops'::text, 'listings'::text, 'favorites'::text, 'sessions'::text, 'keys'::text])))
);
COMMENT ON TABLE public.account_quotas IS 'Accounts that may have more, or less, than default_quotas says. set_quota writes it.';
COMMENT ON COLUMN public.account_quotas.user_id IS 'The account.';
COMMENT ON COLUMN public.account_quotas.quota IS 'What is bounded: shops, listings, favorites, sessions, or keys (Idempotency-Keys a day).';
COMMENT ON COLUMN public.account_quotas.max IS 'How many the account may have. RATE_LIMIT_SCALE multiplies it.';

CREATE TABLE public.cart_additions (
    product_id bigint NOT NULL,
    added_on date NOT NULL,
    lines bigint NOT NULL,
    CONSTRAINT cart_additions_lines_is_positive CHECK ((lines > 0))
);
COMMENT ON TABLE public.cart_additions IS 'How many lines of a product were added to carts, a row a day in UTC. One who removes an item and adds it again counts twice.';
COMMENT ON COLUMN public.cart_additions.product_id IS 'The listing.';
COMMENT ON COLUMN public.cart_additions.added_on IS 'The day in UTC.';
COMMENT ON COLUMN public.cart_additions.lines IS 'How many lines with the listing were added to carts that day.';

CREATE TABLE public.cart_items (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    price_when_added numeric(10,2),
    reserved_until timestamp with time zone,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    shipping_base_when_added numeric(10,2),
    shipping_extra_when_added numeric(10,2),
    outlives_hold boolean DEFAULT false NOT NULL,
    CONSTRAINT cart_items_quantity_is_positive CHECK ((quantity > 0))
);
COMMENT ON TABLE public.cart_items IS 'What is in whose cart. A line of a one-of-a-kind item carries its 15-minute hold.';
COMMENT ON COLUMN public.cart_items.id IS 'The line.';
COMMENT ON COLUMN public.cart_items.user_id IS 'Whose cart it is in.';
COMMENT ON COLUMN public.cart_items.product_id IS 'The listing; a cart has at most one line of it.';
COMMENT ON COLUMN public.cart_items.quantity IS 'Units the buyer wants.';
COMMENT ON COLUMN public.cart_items.price_when_added IS 'The price the buyer saw, so that the cart can tell of a change.';
COMMENT ON COLUMN public.cart_items.reserved_until IS 'End of the hold of a one-of-a-kind item; null for items held by nobody.';
COMMENT ON COLUMN public.cart_items.added_at IS 'When the line was added; a line that comes back from a failed payment keeps its time.';
COMMENT ON COLUMN public.cart_items.shipping_base_when_added IS 'What the shop asked for sending the first unit when the line was added, so that a checkout can tell of a rise.';
COMMENT ON COLUMN public.cart_items.shipping_extra_when_added IS 'What the shop asked for sending each further unit when the line was added.';
COMMENT ON COLUMN public.cart_items.outlives_hold IS 'The line came back from a payment that failed: when its hold lapses it stays, held by nobody.';

ALTER TABLE public.cart_items ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.cart_items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.categories (
    id bigint NOT NULL,
    name text NOT NULL,
    parent_id bigint,
    slug text NOT NULL,
    CONSTRAINT categories_name_has_a_sane_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT categories_parent_id_is_another_category CHECK ((parent_id <> id)),
    CONSTRAINT categories_slug_is_url_safe CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text))
);
COMMENT ON TABLE public.categories IS 'The category tree. Any category, leaf or not, can hold items.';
COMMENT ON COLUMN public.categories.id IS 'The category.';
COMMENT ON COLUMN public.categories.name IS 'The name that people read.';
COMMENT ON COLUMN public.categories.parent_id IS 'The category above it; null for a root.';
COMMENT ON COLUMN public.categories.slug IS 'The name in URLs and filters: small letters, digits and hyphens.';

ALTER TABLE public.categories ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.categories_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.changes (
    id bigint NOT NULL,
    keys text[] NOT NULL,
    product_id bigint,
    is_stock_only boolean DEFAULT false NOT NULL,
    sales_shop_id bigint,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='20000');
COMMENT ON TABLE public.changes IS 'What caches and the search index have not heard of yet: an outbox, written by triggers, emptied by the relay within a fraction of a second.';
COMMENT ON COLUMN public.changes.id IS 'Its place in the queue: the relay takes the lowest first.';
COMMENT ON COLUMN public.changes.keys IS 'The cached things that are stale now, such as product:12, shop:3:products, cart:9.';
COMMENT ON COLUMN public.changes.product_id IS 'The listing that the search index must show as it is now; null where no listing changed.';
COMMENT ON COLUMN public.changes.is_stock_only IS 'Nothing of the listing but its stock.';
COMMENT ON COLUMN public.changes.sales_shop_id IS 'The shop whose rating or sales changed, which all its listings are ranked by.';
COMMENT ON COLUMN public.changes.noted_at IS 'When the change was noted.';

ALTER TABLE public.changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.checkout_lines (
    checkout_id bigint NOT NULL,
    product_id bigint NOT NULL,
    reserved_until timestamp with time zone,
    price_when_added numeric(10,2),
    added_at timestamp with time zone NOT NULL,
    shipping_base_when_added numeric(10,2),
    shipping_extra_when_added numeric(10,2)
);
COMMENT ON TABLE public.checkout_lines IS 'The cart lines a pending checkout took, so that a declined payment gives them back with the rest of their hold.';
COMMENT ON COLUMN public.checkout_lines.checkout_id IS 'The pending checkout that took the line.';
COMMENT ON COLUMN public.checkout_lines.product_id IS 'The listing of the line. Its units are in order_items.';
COMMENT ON COLUMN public.checkout_lines.reserved_until IS 'End of the hold that the line had; null where it had none.';
COMMENT ON COLUMN public.checkout_lines.price_when_added IS 'As in cart_items, for the line that a failed payment gives back.';
COMMENT ON COLUMN public.checkout_lines.added_at IS 'As in cart_items, for the line that a failed payment gives back.';
COMMENT ON COLUMN public.checkout_lines.shipping_base_when_added IS 'As in cart_items, for the line that a failed payment gives back.';
COMMENT ON COLUMN public.checkout_lines.shipping_extra_when_added IS 'As in cart_items, for the line that a failed payment gives back.';

CREATE TABLE public.checkouts (
    id bigint NOT NULL,
    buyer_id bigint NOT NULL,
    idempotency_key text,
    status text DEFAULT 'pending'::text NOT NULL,
    subtotal numeric(10,2) NOT NULL,
    shipping numeric(10,2) NOT NULL,
    total numeric(10,2) NOT NULL,
    shipping_address jsonb NOT NULL,
    settle_job_id uuid,
    charge_until timestamp with time zone DEFAULT (now() + '00:00:40'::interval) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT checkouts_amounts_are_not_negative CHECK (((subtotal >= (0)::numeric) AND (shipping >= (0)::numeric))),
    CONSTRAINT checkouts_idempotency_key_has_1_to_255_characters CHECK (((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 255))),
    CONSTRAINT checkouts_shipping_address_is_an_object CHECK ((jsonb_typeof(shipping_address) = 'object'::text)),
    CONSTRAINT checkouts_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'cancelled'::text]))),
    CONSTRAINT checkouts_total_is_its_parts CHECK ((total = (subtotal + shipping)))
);
COMMENT ON TABLE public.checkouts IS 'One payment: groups the orders, one per shop, that a buyer paid for together.';
COMMENT ON COLUMN public.checkouts.id IS 'The month of the checkout, then its number: 202611000000042. Its orders are of the same month.';
COMMENT ON COLUMN public.checkouts.buyer_id IS 'Who pays.';
COMMENT ON COLUMN public.checkouts.idempotency_key IS 'The buyer''s key; null again when the payment failed before any charge, so that the key can be tried again.';
COMMENT ON COLUMN public.checkouts.status IS 'pending until the payment is known, then paid or cancelled for ever.';
COMMENT ON COLUMN public.checkouts.subtotal IS 'The items of all orders, in US dollars.';
COMMENT ON COLUMN public.checkouts.shipping IS 'The postage of all orders, in US dollars.';
COMMENT ON COLUMN public.checkouts.total IS 'subtotal and shipping: what is charged, in US dollars.';
COMMENT ON COLUMN public.checkouts.shipping_address IS 'Where the orders go, as the buyer gave it: name, line1, line2, city, region, postal_code, country.';
COMMENT ON COLUMN public.checkouts.settle_job_id IS 'The pg-boss job that settles the payment should the call that charged die; null once settled.';
COMMENT ON COLUMN public.checkouts.charge_until IS 'Until then a charge may be begun; none lasts 20 s, so from 20 s later on an unknown charge is one that never was.';
COMMENT ON COLUMN public.checkouts.created_at IS 'When the orders were written, before the charge.';
COMMENT ON COLUMN public.checkouts.updated_at IS 'When the row last changed.';

CREATE SEQUENCE public.checkouts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    MAXVALUE 999999999
    CACHE 1
    CYCLE;

ALTER SEQUENCE public.checkouts_id_seq OWNED BY public.checkouts.id;

CREATE TABLE public.countries (
    code text NOT NULL,
    has_postal_codes boolean NOT NULL,
    CONSTRAINT countries_code_is_two_capital_letters CHECK ((code ~ '^[A-Z]{2}$'::text))
);
COMMENT ON TABLE public.countries IS 'The countries of ISO 3166-1: where an order can go.';
COMMENT ON COLUMN public.countries.code IS 'ISO 3166-1 alpha-2, such as US.';
COMMENT ON COLUMN public.countries.has_postal_codes IS 'Whether an address there needs a postal code.';

CREATE TABLE public.dated_ids (
    since date NOT NULL
);
COMMENT ON TABLE public.dated_ids IS 'The month in which ids of checkouts and orders began to carry their month, in one row.';
COMMENT ON COLUMN public.dated_ids.since IS 'The first day of that month, in UTC.';

CREATE TABLE public.deployed_functions (
    signature text NOT NULL,
    checksum text NOT NULL,
    deployed_at timestamp with time zone DEFAULT now() NOT NULL,
    definition_hash text
);
COMMENT ON TABLE public.deployed_functions IS 'The functions that the last deploy created, so that the next one drops what left the files, and nothing else.';
COMMENT ON COLUMN public.deployed_functions.signature IS 'The function, as PostgreSQL writes it: `free_slug(text)`.';
COMMENT ON COLUMN public.deployed_functions.checksum IS 'SHA-256 over all files of that deploy; the same for every row.';
COMMENT ON COLUMN public.deployed_functions.deployed_at IS 'When that deploy was.';
COMMENT ON COLUMN public.deployed_functions.definition_hash IS 'MD5 of the function as PostgreSQL shows it, right after the deploy: a function that differs was changed by hand, and the next deploy makes all of them again. Null: recorded by a version that did not look.';

CREATE TABLE public.favorites (
    user_id bigint NOT NULL,
    fav_type text NOT NULL,
    fav_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT favorites_fav_type_is_known CHECK ((fav_type = ANY (ARRAY['product'::text, 'shop'::text])))
);
COMMENT ON TABLE public.favorites IS 'What people like: products and shops.';
COMMENT ON COLUMN public.favorites.user_id IS 'Who likes it.';
COMMENT ON COLUMN public.favorites.fav_type IS 'What fav_id is: product or shop.';
COMMENT ON COLUMN public.favorites.fav_id IS 'Id of the product or shop; add_favorite checks that it exists.';
COMMENT ON COLUMN public.favorites.created_at IS 'When it was added.';

CREATE TABLE public.holds (
    user_id bigint NOT NULL,
    product_id bigint NOT NULL,
    held_until timestamp with time zone NOT NULL,
    lapsed_at timestamp with time zone,
    is_lapse_unseen boolean DEFAULT false NOT NULL,
    CONSTRAINT holds_unseen_lapse_has_a_time CHECK (((NOT is_lapse_unseen) OR (lapsed_at IS NOT NULL)))
);
COMMENT ON TABLE public.holds IS 'The last hold of each buyer on each item. It outlives the cart line: a buyer holds an item for 15 minutes in any 75.';
COMMENT ON COLUMN public.holds.user_id IS 'Who holds or held the item.';
COMMENT ON COLUMN public.holds.product_id IS 'The item, of which there was one.';
COMMENT ON COLUMN public.holds.held_until IS 'When the hold ends or ended. The next one of this buyer on this item may begin 60 minutes later.';
COMMENT ON COLUMN public.holds.lapsed_at IS 'When the line left the cart because its hold had lapsed; null while it has not, or when the buyer has added the item again or removed it.';
COMMENT ON COLUMN public.holds.is_lapse_unseen IS 'The buyer has not read or changed the cart since the line left it.';

CREATE TABLE public.idempotency_keys (
    user_id bigint NOT NULL,
    call text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    checkout_id bigint,
    locked_until timestamp with time zone NOT NULL,
    status_code integer,
    body text,
    location text,
    refusal jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_answers_once CHECK (((num_nonnulls(body, refusal) <= 1) AND ((body IS NULL) = (status_code IS NULL)))),
    CONSTRAINT idempotency_keys_fingerprint_is_a_sha256 CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT idempotency_keys_key_has_1_to_255_characters CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255)))
);
COMMENT ON TABLE public.idempotency_keys IS 'What each call with an Idempotency-Key answered. Commits in the transaction of the effect.';
COMMENT ON COLUMN public.idempotency_keys.user_id IS 'Who made the call. Keys of two people have nothing to do with each other.';
COMMENT ON COLUMN public.idempotency_keys.call IS 'Method and route template, so that a key means one thing.';
COMMENT ON COLUMN public.idempotency_keys.key IS 'The Idempotency-Key as it was sent.';
COMMENT ON COLUMN public.idempotency_keys.fingerprint IS 'SHA-256 of the validated body in canonical form.';
COMMENT ON COLUMN public.idempotency_keys.checkout_id IS 'The checkout that the call made; null for a call that makes none, or none yet.';
COMMENT ON COLUMN public.idempotency_keys.locked_until IS 'While unanswered: until then the first call is taken to be alive.';
COMMENT ON COLUMN public.idempotency_keys.status_code IS 'The HTTP status that was answered; null while there is no answer, and for a refusal.';
COMMENT ON COLUMN public.idempotency_keys.body IS 'The body that was answered, byte by byte; null while there is no answer, and for a refusal.';
COMMENT ON COLUMN public.idempotency_keys.location IS 'The Location header that was answered; null where there was none.';
COMMENT ON COLUMN public.idempotency_keys.refusal IS 'A final refusal as {code, message, detail, request_id}, from which the same problem is rendered again.';
COMMENT ON COLUMN public.idempotency_keys.created_at IS 'When the key first came. The record is kept for 48 hours.';

CREATE TABLE public.key_counts (
    user_id bigint NOT NULL,
    newest_created_at timestamp with time zone NOT NULL,
    keys integer NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT key_counts_bytes_is_not_negative CHECK ((bytes >= 0)),
    CONSTRAINT key_counts_keys_is_positive CHECK ((keys > 0))
);
COMMENT ON TABLE public.key_counts IS 'Each row counts the Idempotency-Keys that an account sent since its previous row, a hundred or more. Nothing is lost when the newest row is deleted: the next call counts its keys again.';
COMMENT ON COLUMN public.key_counts.user_id IS 'The account.';
COMMENT ON COLUMN public.key_counts.newest_created_at IS 'created_at of the newest of these keys.';
COMMENT ON COLUMN public.key_counts.keys IS 'How many keys it sent.';
COMMENT ON COLUMN public.key_counts.bytes IS 'How large the answers kept for them are, in bytes.';

CREATE TABLE public.late_charges (
    payment_id bigint NOT NULL,
    amount numeric(10,2) NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    provider_reference text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT late_charges_amount_is_not_negative CHECK ((amount >= (0)::numeric)),
    CONSTRAINT late_charges_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'refunded'::text])))
);
COMMENT ON TABLE public.late_charges IS 'Charges that turned out paid after their checkout had been cancelled: each goes back whole, once.';
COMMENT ON COLUMN public.late_charges.payment_id IS 'The payment that was charged.';
COMMENT ON COLUMN public.late_charges.amount IS 'What goes back, in US dollars: the whole payment.';
COMMENT ON COLUMN public.late_charges.status IS 'pending until the provider has given it back, then refunded.';
COMMENT ON COLUMN public.late_charges.provider_reference IS 'The refund, as the provider calls it.';
COMMENT ON COLUMN public.late_charges.created_at IS 'When the charge turned out to be paid.';
COMMENT ON COLUMN public.late_charges.updated_at IS 'When the row last changed.';

CREATE TABLE public.leases (
    name text NOT NULL,
    holder uuid NOT NULL,
    held_until timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.leases IS 'Work that one process at a time does; whoever does not renew its lease is replaced.';
COMMENT ON COLUMN public.leases.name IS 'The work, such as `search indexer`.';
COMMENT ON COLUMN public.leases.holder IS 'The process that does it: an id that it made for itself.';
COMMENT ON COLUMN public.leases.held_until IS 'Until then nobody else may take the lease.';

CREATE TABLE public.listing_counts (
    shop_id bigint NOT NULL,
    listings integer NOT NULL,
    newest_created_at timestamp with time zone NOT NULL,
    newest_id bigint NOT NULL,
    CONSTRAINT listing_counts_listings_is_positive CHECK ((listings > 0))
);
COMMENT ON TABLE public.listing_counts IS 'How many listings a shop had when count_listings last counted them. A row may be deleted: it is counted anew.';
COMMENT ON COLUMN public.listing_counts.shop_id IS 'The shop.';
COMMENT ON COLUMN public.listing_counts.listings IS 'How many listings it had, archived ones included.';
COMMENT ON COLUMN public.listing_counts.newest_created_at IS 'created_at of the newest of these listings.';
COMMENT ON COLUMN public.listing_counts.newest_id IS 'Id of the newest of these listings.';

CREATE TABLE public.loaded_synonyms (
    line text NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.loaded_synonyms IS 'Lines of the shipped synonym files that were loaded once: what an operator changed or deleted stays so.';
COMMENT ON COLUMN public.loaded_synonyms.line IS 'The line as the file has it.';
COMMENT ON COLUMN public.loaded_synonyms.loaded_at IS 'When it was loaded.';

CREATE TABLE public.order_events (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    status text NOT NULL,
    actor_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_events_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'shipped'::text, 'delivered'::text, 'cancelled'::text, 'refunded'::text])))
)
PARTITION BY RANGE (order_id);
COMMENT ON TABLE public.order_events IS 'The audit trail: each status an order took, by whom, with what. Append-only: the database refuses update and delete. A partition a month of the order.';
COMMENT ON COLUMN public.order_events.id IS 'Events of an order in the order in which they happened.';
COMMENT ON COLUMN public.order_events.order_id IS 'The order.';
COMMENT ON COLUMN public.order_events.status IS 'The status that the order took.';
COMMENT ON COLUMN public.order_events.actor_id IS 'Who moved the order; null where the payment did.';
COMMENT ON COLUMN public.order_events.detail IS 'What the move brought with it: the tracking at shipped, the amount at refunded.';
COMMENT ON COLUMN public.order_events.created_at IS 'When it took it.';

CREATE SEQUENCE public.order_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.order_events_id_seq OWNED BY public.order_events.id;

CREATE TABLE public.order_events_undated (
    id bigint DEFAULT NULL NOT NULL,
    order_id bigint NOT NULL,
    status text NOT NULL,
    actor_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT order_events_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'shipped'::text, 'delivered'::text, 'cancelled'::text, 'refunded'::text])))
);
COMMENT ON TABLE public.order_events_undated IS 'The events of orders_undated.';
COMMENT ON COLUMN public.order_events_undated.actor_id IS 'Who moved the order; null where the payment did.';
COMMENT ON COLUMN public.order_events_undated.detail IS 'What the move brought with it: the tracking at shipped, the amount at refunded.';

CREATE TABLE public.order_items (
    order_id bigint NOT NULL,
    product_id bigint NOT NULL,
    title text NOT NULL,
    quantity integer NOT NULL,
    price_at_purchase numeric(10,2) NOT NULL,
    CONSTRAINT order_items_price_at_purchase_is_not_negative CHECK ((price_at_purchase >= (0)::numeric)),
    CONSTRAINT order_items_quantity_is_positive CHECK ((quantity > 0))
)
PARTITION BY RANGE (order_id);
COMMENT ON TABLE public.order_items IS 'What was bought, at the title and price of that moment. Rows never change. A partition a month of the order.';
COMMENT ON COLUMN public.order_items.order_id IS 'The order.';
COMMENT ON COLUMN public.order_items.product_id IS 'The listing that was bought.';
COMMENT ON COLUMN public.order_items.title IS 'Its title at that moment.';
COMMENT ON COLUMN public.order_items.quantity IS 'Units bought.';
COMMENT ON COLUMN public.order_items.price_at_purchase IS 'What a unit cost at that moment, in US dollars.';

CREATE TABLE public.order_items_undated (
    order_id bigint NOT NULL,
    product_id bigint NOT NULL,
    title text NOT NULL,
    quantity integer NOT NULL,
    price_at_purchase numeric(10,2) NOT NULL,
    CONSTRAINT order_items_price_at_purchase_is_not_negative CHECK ((price_at_purchase >= (0)::numeric)),
    CONSTRAINT order_items_quantity_is_positive CHECK ((quantity > 0))
);
COMMENT ON TABLE public.order_items_undated IS 'The items of orders_undated.';

CREATE TABLE public.orders (
    id bigint NOT NULL,
    checkout_id bigint NOT NULL,
    buyer_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    subtotal numeric(10,2) NOT NULL,
    shipping numeric(10,2) NOT NULL,
    total numeric(10,2) NOT NULL,
    tracking jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_amounts_are_not_negative CHECK (((subtotal >= (0)::numeric) AND (shipping >= (0)::numeric))),
    CONSTRAINT orders_id_is_of_the_month_it_was_made CHECK (((id < 1000000000) OR ((id / 1000000000) = (((EXTRACT(year FROM (created_at AT TIME ZONE 'UTC'::text)) * (100)::numeric) + EXTRACT(month FROM (created_at AT TIME ZONE 'UTC'::text))))::bigint))),
    CONSTRAINT orders_id_is_of_the_month_of_its_checkout CHECK (((id / 1000000000) = (checkout_id / 1000000000))),
    CONSTRAINT orders_shipped_with_tracking CHECK (((status <> 'shipped'::text) OR (tracking IS NOT NULL))),
    CONSTRAINT orders_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'shipped'::text, 'delivered'::text, 'cancelled'::text, 'refunded'::text]))),
    CONSTRAINT orders_total_is_its_parts CHECK ((total = (subtotal + shipping))),
    CONSTRAINT orders_tracking_names_carrier_and_number CHECK ((tracking ?& ARRAY['carrier'::text, 'tracking_number'::text]))
)
PARTITION BY RANGE (id);
COMMENT ON TABLE public.orders IS 'What one shop sends to one buyer: a checkout leaves one order per shop. A partition a month; each has a unique (checkout_id, shop_id).';
COMMENT ON COLUMN public.orders.id IS 'The month of the order, then its number: 202611000000042.';
COMMENT ON COLUMN public.orders.checkout_id IS 'The payment that the order is part of. Both are of one month.';
COMMENT ON COLUMN public.orders.buyer_id IS 'Who bought; that of the checkout.';
COMMENT ON COLUMN public.orders.shop_id IS 'The shop that sends it.';
COMMENT ON COLUMN public.orders.status IS 'pending, paid, shipped, delivered, cancelled or refunded. move_order says which follows which.';
COMMENT ON COLUMN public.orders.subtotal IS 'Its items, in US dollars.';
COMMENT ON COLUMN public.orders.shipping IS 'Its postage by the shop''s profile at that moment, in US dollars.';
COMMENT ON COLUMN public.orders.total IS 'subtotal and shipping, in US dollars.';
COMMENT ON COLUMN public.orders.tracking IS 'carrier and tracking_number; null until it is shipped.';
COMMENT ON COLUMN public.orders.created_at IS 'When the order was written, in the month that its id names.';
COMMENT ON COLUMN public.orders.updated_at IS 'When the row last changed.';

CREATE SEQUENCE public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    MAXVALUE 999999999
    CACHE 1
    CYCLE;

ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;

CREATE TABLE public.orders_undated (
    id bigint DEFAULT NULL NOT NULL,
    checkout_id bigint NOT NULL,
    buyer_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    subtotal numeric(10,2) NOT NULL,
    shipping numeric(10,2) NOT NULL,
    total numeric(10,2) NOT NULL,
    tracking jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_amounts_are_not_negative CHECK (((subtotal >= (0)::numeric) AND (shipping >= (0)::numeric))),
    CONSTRAINT orders_id_is_of_the_month_it_was_made CHECK (((id < 1000000000) OR ((id / 1000000000) = (((EXTRACT(year FROM (created_at AT TIME ZONE 'UTC'::text)) * (100)::numeric) + EXTRACT(month FROM (created_at AT TIME ZONE 'UTC'::text))))::bigint))),
    CONSTRAINT orders_id_is_of_the_month_of_its_checkout CHECK (((id / 1000000000) = (checkout_id / 1000000000))),
    CONSTRAINT orders_shipped_with_tracking CHECK (((status <> 'shipped'::text) OR (tracking IS NOT NULL))),
    CONSTRAINT orders_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'shipped'::text, 'delivered'::text, 'cancelled'::text, 'refunded'::text]))),
    CONSTRAINT orders_total_is_its_parts CHECK ((total = (subtotal + shipping))),
    CONSTRAINT orders_tracking_names_carrier_and_number CHECK ((tracking ?& ARRAY['carrier'::text, 'tracking_number'::text]))
);
COMMENT ON TABLE public.orders_undated IS 'Orders whose ids carry no month: those from before there were partitions.';

CREATE TABLE public.payment_events (
    provider text NOT NULL,
    event_id text NOT NULL,
    checkout_id bigint NOT NULL,
    outcome text NOT NULL,
    provider_reference text,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT payment_events_event_id_has_1_to_255_characters CHECK (((char_length(event_id) >= 1) AND (char_length(event_id) <= 255))),
    CONSTRAINT payment_events_outcome_is_known CHECK ((outcome = ANY (ARRAY['paid'::text, 'declined'::text])))
);
COMMENT ON TABLE public.payment_events IS 'What payment providers told by webhook, each event once. Append-only: the database refuses update and delete.';
COMMENT ON COLUMN public.payment_events.provider IS 'The payment provider that sent the event, such as `stripe`.';
COMMENT ON COLUMN public.payment_events.event_id IS 'The event, as the provider calls it; unique to it.';
COMMENT ON COLUMN public.payment_events.checkout_id IS 'The checkout that the event names. No foreign key: an event about a checkout that is not here is money to look after, and is kept.';
COMMENT ON COLUMN public.payment_events.outcome IS 'What became of the payment: paid or declined.';
COMMENT ON COLUMN public.payment_events.provider_reference IS 'The charge, as the provider calls it; null where the event named none.';
COMMENT ON COLUMN public.payment_events.received_at IS 'When it was taken.';

CREATE TABLE public.payments (
    id bigint NOT NULL,
    checkout_id bigint NOT NULL,
    method text,
    amount numeric(10,2) NOT NULL,
    refunded numeric(10,2) DEFAULT 0 NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    provider text,
    provider_reference text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payments_amount_is_not_negative CHECK ((amount >= (0)::numeric)),
    CONSTRAINT payments_method_has_a_sane_length CHECK (((char_length(method) >= 1) AND (char_length(method) <= 255))),
    CONSTRAINT payments_refunded_is_within_amount CHECK (((refunded >= (0)::numeric) AND (refunded <= amount))),
    CONSTRAINT payments_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'declined'::text, 'failed'::text, 'refunded'::text])))
);
COMMENT ON TABLE public.payments IS 'The one payment of a checkout, as the provider last told it.';
COMMENT ON COLUMN public.payments.id IS 'The payment.';
COMMENT ON COLUMN public.payments.checkout_id IS 'The checkout that it pays for.';
COMMENT ON COLUMN public.payments.method IS 'The provider''s token; null for an order that an administrator made and settles without a provider.';
COMMENT ON COLUMN public.payments.amount IS 'What the buyer was asked for, in US dollars: the checkout''s total.';
COMMENT ON COLUMN public.payments.refunded IS 'What of it was given back or is owed to the buyer, in US dollars.';
COMMENT ON COLUMN public.payments.status IS 'pending until the provider has said; then paid, declined, or failed where nothing was charged; refunded when all of it is.';
COMMENT ON COLUMN public.payments.provider IS 'The provider that was asked, such as `stripe`; null until it has told.';
COMMENT ON COLUMN public.payments.provider_reference IS 'The charge, as the provider calls it; null until the provider has told.';
COMMENT ON COLUMN public.payments.created_at IS 'When the checkout was written.';
COMMENT ON COLUMN public.payments.updated_at IS 'When the row last changed.';

ALTER TABLE public.payments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pictures (
    id bigint NOT NULL,
    owner_id bigint NOT NULL,
    source_hash bytea NOT NULL,
    content_hash bytea NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes integer NOT NULL,
    uploaded_at timestamp with time zone DEFAULT now() NOT NULL,
    stored_at timestamp with time zone,
    removed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pictures_hashes_are_sha256 CHECK (((octet_length(source_hash) = 32) AND (octet_length(content_hash) = 32))),
    CONSTRAINT pictures_have_pixels CHECK (((width > 0) AND (height > 0) AND (bytes > 0)))
);
COMMENT ON TABLE public.pictures IS 'Uploaded pictures. Their files are in the object store, under a name that picture_key makes of id and content.';
COMMENT ON COLUMN public.pictures.id IS 'The picture; part of its URL.';
COMMENT ON COLUMN public.pictures.owner_id IS 'Who uploaded it, and alone may use it.';
COMMENT ON COLUMN public.pictures.source_hash IS 'SHA-256 of what was sent, so that the same bytes become one picture.';
COMMENT ON COLUMN public.pictures.content_hash IS 'SHA-256 of the largest file that was made of it.';
COMMENT ON COLUMN public.pictures.width IS 'Width of the largest file, in pixels.';
COMMENT ON COLUMN public.pictures.height IS 'Height of the largest file, in pixels.';
COMMENT ON COLUMN public.pictures.bytes IS 'Size of all its files.';
COMMENT ON COLUMN public.pictures.uploaded_at IS 'When these bytes were last sent: unused pictures are kept for a day from then.';
COMMENT ON COLUMN public.pictures.stored_at IS 'When all files were there; null: the upload runs, or its process died. Nobody sees it until then.';
COMMENT ON COLUMN public.pictures.removed_at IS 'Since when nobody sees it and its files are being deleted.';
COMMENT ON COLUMN public.pictures.created_at IS 'When it was first uploaded.';

ALTER TABLE public.pictures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.pictures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.processes (
    id uuid NOT NULL,
    has_own_cache boolean NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    is_unheard boolean DEFAULT false NOT NULL
);
COMMENT ON TABLE public.processes IS 'The running API processes: what one of them keeps counts only while it hears of all that the others change.';
COMMENT ON COLUMN public.processes.id IS 'The process: an id that it made for itself at its start.';
COMMENT ON COLUMN public.processes.has_own_cache IS 'It keeps its cache in itself, where no other process can make anything stale.';
COMMENT ON COLUMN public.processes.seen_at IS 'When it last said that it runs. After 3 s it counts as gone.';
COMMENT ON COLUMN public.processes.is_unheard IS 'It could not say in Redis what it changed, and has not made that good yet.';

CREATE TABLE public.product_neighbors (
    product_id bigint NOT NULL,
    neighbor_id bigint NOT NULL,
    similarity double precision NOT NULL,
    CONSTRAINT product_neighbors_are_two_products CHECK ((product_id <> neighbor_id)),
    CONSTRAINT product_neighbors_similarity_is_positive CHECK ((similarity > (0)::double precision))
);
COMMENT ON TABLE public.product_neighbors IS 'Which listings the same people like or buy: the 20 nearest of each. Rebuilt by rebuild_product_neighbors.';
COMMENT ON COLUMN public.product_neighbors.product_id IS 'The listing.';
COMMENT ON COLUMN public.product_neighbors.neighbor_id IS 'A listing that the same people like or buy.';
COMMENT ON COLUMN public.product_neighbors.similarity IS 'How near it is, above 0: larger is nearer. Figures of one rebuild alone can be compared.';

CREATE TABLE public.product_popularity (
    product_id bigint NOT NULL,
    score double precision NOT NULL,
    CONSTRAINT product_popularity_score_is_positive CHECK ((score > (0)::double precision))
);
COMMENT ON TABLE public.product_popularity IS 'What is popular now: views, favorites and sales, decayed. Rebuilt by rebuild_product_popularity.';
COMMENT ON COLUMN public.product_popularity.product_id IS 'The listing. One without a row was neither seen, liked nor bought for 14 days.';
COMMENT ON COLUMN public.product_popularity.score IS 'Points, each worth half after three days: 1 for a view, 5 for a favorite, 10 for a unit sold.';

CREATE TABLE public.product_search (
    product_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    category_id bigint,
    price numeric(10,2) NOT NULL,
    is_vintage boolean NOT NULL,
    in_stock boolean NOT NULL,
    title tsvector NOT NULL,
    labels tsvector NOT NULL,
    document tsvector NOT NULL,
    words tsvector NOT NULL
)
WITH (toast_tuple_target='256', fillfactor='90');
ALTER TABLE ONLY public.product_search ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.product_search ALTER COLUMN words SET STORAGE EXTERNAL;
COMMENT ON TABLE public.product_search IS 'What full-text search reads of each listing on the shelf: what is matched, ranked, filtered and counted.';
COMMENT ON COLUMN public.product_search.product_id IS 'The listing. An archived one has no row.';
COMMENT ON COLUMN public.product_search.shop_id IS 'Follows products, like category_id, price, is_vintage and in_stock.';
COMMENT ON COLUMN public.product_search.category_id IS 'Its category; null for none.';
COMMENT ON COLUMN public.product_search.price IS 'Its price, in US dollars.';
COMMENT ON COLUMN public.product_search.is_vintage IS 'Whether it is vintage.';
COMMENT ON COLUMN public.product_search.in_stock IS 'In no index, like price and is_vintage: when stock ends, PostgreSQL writes no index entry.';
COMMENT ON COLUMN public.product_search.title IS 'Its title, stemmed.';
COMMENT ON COLUMN public.product_search.labels IS 'Tags and category names.';
COMMENT ON COLUMN public.product_search.document IS 'Title, labels and description: what is matched. The others only rank.';
COMMENT ON COLUMN public.product_search.words IS 'The unstemmed words of title and labels, as the vocabulary counted them.';

CREATE TABLE public.product_views (
    product_id bigint NOT NULL,
    viewed_on date DEFAULT CURRENT_DATE NOT NULL,
    views bigint NOT NULL,
    CONSTRAINT product_views_views_is_positive CHECK ((views > 0))
);
COMMENT ON TABLE public.product_views IS 'How often a product page was read, a row a day; added up in batches by the API.';
COMMENT ON COLUMN public.product_views.product_id IS 'The listing.';
COMMENT ON COLUMN public.product_views.viewed_on IS 'The day in UTC.';
COMMENT ON COLUMN public.product_views.views IS 'How often its page was read that day.';

CREATE TABLE public.products (
    id bigint NOT NULL,
    shop_id bigint NOT NULL,
    sku text,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    price numeric(10,2) NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    category_id bigint,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    images text[] DEFAULT '{}'::text[] NOT NULL,
    is_vintage boolean DEFAULT false NOT NULL,
    who_made text,
    when_made text,
    archived_at timestamp with time zone,
    state text GENERATED ALWAYS AS (
CASE
    WHEN (archived_at IS NOT NULL) THEN 'archived'::text
    WHEN (quantity = 0) THEN 'sold_out'::text
    ELSE 'active'::text
END) STORED NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT products_description_has_a_sane_length CHECK ((char_length(description) <= 20000)),
    CONSTRAINT products_images_are_at_most_10 CHECK (((cardinality(images) <= 10) AND (array_position(images, NULL::text) IS NULL))),
    CONSTRAINT products_price_is_positive CHECK ((price > (0)::numeric)),
    CONSTRAINT products_quantity_is_not_negative CHECK ((quantity >= 0)),
    CONSTRAINT products_sku_has_a_sane_length CHECK (((char_length(sku) >= 1) AND (char_length(sku) <= 100))),
    CONSTRAINT products_tags_are_at_most_13 CHECK (((cardinality(tags) <= 13) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT products_title_has_1_to_200_characters CHECK (((char_length(title) >= 1) AND (char_length(title) <= 200))),
    CONSTRAINT products_when_made_has_a_sane_length CHECK (((char_length(when_made) >= 1) AND (char_length(when_made) <= 40))),
    CONSTRAINT products_who_made_is_known CHECK ((who_made = ANY (ARRAY['i_did'::text, 'someone_else'::text, 'collective'::text])))
)
WITH (fillfactor='90');
COMMENT ON TABLE public.products IS 'Listings. Most exist once: quantity is 1 until the item is sold.';
COMMENT ON COLUMN public.products.id IS 'The listing.';
COMMENT ON COLUMN public.products.shop_id IS 'The shop that sells it.';
COMMENT ON COLUMN public.products.sku IS 'The seller''s own reference, unique in the shop.';
COMMENT ON COLUMN public.products.title IS 'What it is, in 1 to 200 characters.';
COMMENT ON COLUMN public.products.description IS 'What the seller says of it, as plain text.';
COMMENT ON COLUMN public.products.price IS 'The price of a unit, in US dollars, without postage.';
COMMENT ON COLUMN public.products.quantity IS 'Stock on hand. Holds in carts are not subtracted; checkout subtracts.';
COMMENT ON COLUMN public.products.category_id IS 'Where it is filed; null for nowhere.';
COMMENT ON COLUMN public.products.tags IS 'At most 13 words or phrases of the seller, which search reads.';
COMMENT ON COLUMN public.products.images IS 'At most 10 URLs of pictures, the main one first.';
COMMENT ON COLUMN public.products.is_vintage IS 'Whether the seller calls it vintage.';
COMMENT ON COLUMN public.products.who_made IS 'i_did, someone_else or collective; null where the seller does not say.';
COMMENT ON COLUMN public.products.when_made IS 'When it was made, such as made_to_order or 1960s; null where the seller does not say.';
COMMENT ON COLUMN public.products.archived_at IS 'Since when it is off the shelf; null while it is on it. Orders go on naming it.';
COMMENT ON COLUMN public.products.state IS 'active, sold_out or archived: follows stock and archived_at by itself.';
COMMENT ON COLUMN public.products.created_at IS 'When it was listed.';
COMMENT ON COLUMN public.products.updated_at IS 'When the row last changed, stock included.';

ALTER TABLE public.products ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.products_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.refunds (
    id bigint NOT NULL,
    payment_id bigint NOT NULL,
    order_id bigint NOT NULL,
    amount numeric(10,2) NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    provider_reference text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT refunds_amount_is_not_negative CHECK ((amount >= (0)::numeric)),
    CONSTRAINT refunds_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'refunded'::text])))
);
COMMENT ON TABLE public.refunds IS 'What went back to the buyer: at most once an order, so money and stock return once.';
COMMENT ON COLUMN public.refunds.id IS 'The refund; the provider gets it as its key, so that asking twice gives back once.';
COMMENT ON COLUMN public.refunds.payment_id IS 'The payment that it is given back from.';
COMMENT ON COLUMN public.refunds.order_id IS 'The order that was cancelled or refunded.';
COMMENT ON COLUMN public.refunds.amount IS 'What goes back, in US dollars: the order''s total.';
COMMENT ON COLUMN public.refunds.status IS 'pending until the provider has given it back, then refunded.';
COMMENT ON COLUMN public.refunds.provider_reference IS 'The refund, as the provider calls it; null until it is done.';
COMMENT ON COLUMN public.refunds.created_at IS 'When it was owed.';
COMMENT ON COLUMN public.refunds.updated_at IS 'When the row last changed.';

ALTER TABLE public.refunds ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.refunds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reviews (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    reviewer_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    rating smallint NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    reply text,
    replied_at timestamp with time zone,
    CONSTRAINT reviews_comment_has_a_sane_length CHECK ((char_length(comment) <= 5000)),
    CONSTRAINT reviews_rating_is_from_1_to_5 CHECK (((rating >= 1) AND (rating <= 5))),
    CONSTRAINT reviews_reply_has_a_sane_length CHECK (((char_length(reply) >= 1) AND (char_length(reply) <= 5000))),
    CONSTRAINT reviews_reply_has_a_time CHECK (((reply IS NULL) = (replied_at IS NULL)))
);
COMMENT ON TABLE public.reviews IS 'One review an order, by its buyer.';
COMMENT ON COLUMN public.reviews.id IS 'The review.';
COMMENT ON COLUMN public.reviews.order_id IS 'The order that it is about.';
COMMENT ON COLUMN public.reviews.reviewer_id IS 'Who wrote it: the buyer of the order.';
COMMENT ON COLUMN public.reviews.shop_id IS 'The shop of the order.';
COMMENT ON COLUMN public.reviews.rating IS '1 to 5 stars.';
COMMENT ON COLUMN public.reviews.comment IS 'What the buyer says, as plain text; may be empty.';
COMMENT ON COLUMN public.reviews.created_at IS 'When it was written.';
COMMENT ON COLUMN public.reviews.reply IS 'What the shop answers in public.';
COMMENT ON COLUMN public.reviews.replied_at IS 'When the reply was last written.';

ALTER TABLE public.reviews ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reviews_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);
COMMENT ON TABLE public.schema_migrations IS 'The migrations that this database has, one row each, as dbmate records them.';
COMMENT ON COLUMN public.schema_migrations.version IS 'The number that the name of the migration''s file begins with.';

CREATE TABLE public.search_changes (
    product_id bigint NOT NULL,
    is_stock_only boolean NOT NULL,
    version bigint NOT NULL,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    refusal text
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='20000');
COMMENT ON TABLE public.search_changes IS 'The listings that the search index does not show as they are: one row each, however often they change.';
COMMENT ON COLUMN public.search_changes.product_id IS 'The listing; one that is gone or archived leaves the index.';
COMMENT ON COLUMN public.search_changes.is_stock_only IS 'Nothing but its stock, or the rating and sales of its shop.';
COMMENT ON COLUMN public.search_changes.version IS 'Moves with every change: a row is deleted only if it is still what was written into the index.';
COMMENT ON COLUMN public.search_changes.queued_at IS 'Since when the index lags behind.';
COMMENT ON COLUMN public.search_changes.refusal IS 'Why the search engine does not take the document; it is tried again when the listing changes.';

CREATE TABLE public.search_indexes (
    alias text NOT NULL,
    index_name text,
    index_uuid text,
    format integer,
    next_index_name text,
    last_number integer DEFAULT 0 NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT search_indexes_index_name_is_known_by_uuid_and_format CHECK ((((index_name IS NULL) = (index_uuid IS NULL)) AND ((index_name IS NULL) = (format IS NULL))))
);
COMMENT ON TABLE public.search_indexes IS 'Which search index has heard of every change, so that searches may rely on it.';
COMMENT ON COLUMN public.search_indexes.alias IS 'The name that searches ask for: SEARCH_INDEX.';
COMMENT ON COLUMN public.search_indexes.index_name IS 'Followed without a gap since it was built; null: a rebuild is due.';
COMMENT ON COLUMN public.search_indexes.index_uuid IS 'As the engine knows it: another index of the same name is not it.';
COMMENT ON COLUMN public.search_indexes.format IS 'The number of its mapping in search/index.json.';
COMMENT ON COLUMN public.search_indexes.next_index_name IS 'What a rebuild fills: changes are written into it, too.';
COMMENT ON COLUMN public.search_indexes.last_number IS 'The highest number that an index was given; none is given twice.';
COMMENT ON COLUMN public.search_indexes.seen_at IS 'When a process last asked for changes, to the minute. After an hour without one they are no longer kept.';

CREATE TABLE public.search_queries (
    day date DEFAULT CURRENT_DATE NOT NULL,
    q text NOT NULL,
    searches integer NOT NULL,
    zero_results integer DEFAULT 0 NOT NULL,
    corrected integer DEFAULT 0 NOT NULL,
    CONSTRAINT search_queries_counts_are_of_searches CHECK ((((zero_results >= 0) AND (zero_results <= searches)) AND ((corrected >= 0) AND (corrected <= searches)))),
    CONSTRAINT search_queries_q_has_a_sane_length CHECK (((char_length(q) >= 1) AND (char_length(q) <= 200)))
)
PARTITION BY RANGE (day);
COMMENT ON TABLE public.search_queries IS 'What was searched for, a row a day, without who did. Rare queries are forgotten after a week, the others after 90 days. A partition a month.';
COMMENT ON COLUMN public.search_queries.day IS 'The day in UTC.';
COMMENT ON COLUMN public.search_queries.q IS 'The query, in small letters and without what could name somebody.';
COMMENT ON COLUMN public.search_queries.searches IS 'How often it was searched for that day.';
COMMENT ON COLUMN public.search_queries.zero_results IS 'How often of these it found nothing.';
COMMENT ON COLUMN public.search_queries.corrected IS 'How often the speller knew better words.';

CREATE TABLE public.search_reformulations (
    day date DEFAULT CURRENT_DATE NOT NULL,
    from_q text NOT NULL,
    to_q text NOT NULL,
    times integer NOT NULL,
    CONSTRAINT search_reformulations_are_two_queries CHECK ((from_q <> to_q)),
    CONSTRAINT search_reformulations_times_is_positive CHECK ((times > 0))
)
PARTITION BY RANGE (day);
COMMENT ON TABLE public.search_reformulations IS 'Queries that found nothing, with what the same person, within minutes, found something by. A partition a month.';
COMMENT ON COLUMN public.search_reformulations.day IS 'The day in UTC.';
COMMENT ON COLUMN public.search_reformulations.from_q IS 'The query that found nothing.';
COMMENT ON COLUMN public.search_reformulations.to_q IS 'The query that was tried next and found something.';
COMMENT ON COLUMN public.search_reformulations.times IS 'How often that happened that day.';

CREATE SEQUENCE public.search_revisions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE public.search_revisions IS 'Revisions of what is written into search indexes: the later a listing was read, the higher.';

CREATE TABLE public.search_shop_changes (
    shop_id bigint NOT NULL,
    next_product_id bigint DEFAULT 0 NOT NULL,
    is_again boolean DEFAULT false NOT NULL,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='20000');
COMMENT ON TABLE public.search_shop_changes IS 'The shops whose rating or sales the index does not know at all their listings yet; walked through page by page.';
COMMENT ON COLUMN public.search_shop_changes.shop_id IS 'The shop.';
COMMENT ON COLUMN public.search_shop_changes.next_product_id IS 'The listings up to this one are in search_changes already, or were.';
COMMENT ON COLUMN public.search_shop_changes.is_again IS 'It changed again during the walk: another one follows.';
COMMENT ON COLUMN public.search_shop_changes.queued_at IS 'Since when the index lags behind.';

CREATE TABLE public.search_synonyms (
    id bigint NOT NULL,
    terms text[] NOT NULL,
    means text[],
    term_keys text[] GENERATED ALWAYS AS (public.stem_keys(terms)) STORED NOT NULL,
    means_keys text[] GENERATED ALWAYS AS (public.stem_keys(means)) STORED,
    CONSTRAINT search_synonyms_means_are_given CHECK (((cardinality(means) > 0) AND (array_position(means, NULL::text) IS NULL))),
    CONSTRAINT search_synonyms_terms_are_given CHECK (((cardinality(terms) > 0) AND (array_position(terms, NULL::text) IS NULL)))
);
COMMENT ON TABLE public.search_synonyms IS 'Words and phrases that mean the same. Read by every search, so a changed row counts at once.';
COMMENT ON COLUMN public.search_synonyms.id IS 'The row, as `bun run synonyms` names it.';
COMMENT ON COLUMN public.search_synonyms.terms IS 'Words and phrases as an operator wrote them.';
COMMENT ON COLUMN public.search_synonyms.means IS 'Null: all terms are equal. Otherwise a search for one of the terms also finds these, not the other way round.';
COMMENT ON COLUMN public.search_synonyms.term_keys IS 'The stems of terms, which queries are looked up by. PostgreSQL works them out.';
COMMENT ON COLUMN public.search_synonyms.means_keys IS 'The stems of means; null where that is. PostgreSQL works them out.';

ALTER TABLE public.search_synonyms ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_synonyms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.search_versions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE public.search_versions IS 'Versions of search_changes: a version is never given twice, so that a row that came back is not taken for the old one.';

CREATE TABLE public.search_word_changes (
    id bigint NOT NULL,
    listings smallint NOT NULL,
    words tsvector NOT NULL,
    CONSTRAINT search_word_changes_listings_is_one CHECK ((listings = ANY (ARRAY['-1'::integer, 1])))
);
COMMENT ON TABLE public.search_word_changes IS 'What the vocabulary has not counted yet; append-only, so that nobody who lists an item waits for a counter.';
COMMENT ON COLUMN public.search_word_changes.id IS 'Its place in the queue: the lowest is counted first.';
COMMENT ON COLUMN public.search_word_changes.listings IS '1 for a listing that came, -1 for one that went.';
COMMENT ON COLUMN public.search_word_changes.words IS 'The unstemmed words of its title and labels.';

ALTER TABLE public.search_word_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_word_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_words (
    word text NOT NULL,
    stem text NOT NULL,
    listings integer NOT NULL,
    CONSTRAINT search_words_word_has_a_sane_length CHECK (((char_length(word) >= 1) AND (char_length(word) <= 40)))
);
COMMENT ON TABLE public.search_words IS 'The vocabulary: words of titles, tags and category names, with how many listings have them.';
COMMENT ON COLUMN public.search_words.word IS 'The word, unstemmed, in small letters and without accents.';
COMMENT ON COLUMN public.search_words.stem IS 'Its stem, as queries are compared by.';
COMMENT ON COLUMN public.search_words.listings IS 'How many listings have it in title, tags or category names.';

CREATE TABLE public.service_secrets (
    name text NOT NULL,
    secret bytea NOT NULL
);
COMMENT ON TABLE public.service_secrets IS 'What every process of this database must know and nobody else: the key that signs page cursors.';
COMMENT ON COLUMN public.service_secrets.name IS 'What it is for: cursor signs page cursors, installation names this database to the payment provider, keyed_hash hashes addresses.';
COMMENT ON COLUMN public.service_secrets.secret IS 'The key: random bytes, made by the migration.';

CREATE TABLE public.sessions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_expires_at_is_after_created_at CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_token_hash_is_a_sha256 CHECK ((octet_length(token_hash) = 32))
);
COMMENT ON TABLE public.sessions IS 'Signed-in devices. Only the SHA-256 of the token is kept, so this table signs nobody in.';
COMMENT ON COLUMN public.sessions.id IS 'The session, as its owner sees it in the list of devices.';
COMMENT ON COLUMN public.sessions.user_id IS 'Who is signed in.';
COMMENT ON COLUMN public.sessions.token_hash IS 'SHA-256 of the bearer token.';
COMMENT ON COLUMN public.sessions.created_at IS 'When the device signed in.';
COMMENT ON COLUMN public.sessions.expires_at IS 'When the token stops working.';

ALTER TABLE public.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.shop_statistics (
    shop_id bigint NOT NULL,
    day date NOT NULL,
    views bigint NOT NULL,
    favorites bigint NOT NULL,
    carts bigint NOT NULL,
    orders bigint NOT NULL,
    units bigint NOT NULL,
    revenue numeric(14,2) NOT NULL,
    refunded numeric(14,2) NOT NULL,
    CONSTRAINT shop_statistics_figures_are_not_negative CHECK (((LEAST(views, favorites, carts, orders, units) >= 0) AND (LEAST(revenue, refunded) >= (0)::numeric)))
);
COMMENT ON TABLE public.shop_statistics IS 'What happened in each shop, a row a day in UTC; no row where nothing did. Worked out by rebuild_shop_statistics.';
COMMENT ON COLUMN public.shop_statistics.shop_id IS 'The shop.';
COMMENT ON COLUMN public.shop_statistics.day IS 'The day in UTC.';
COMMENT ON COLUMN public.shop_statistics.views IS 'How often its product pages were read, by anybody; counted within seconds of the view, so one of midnight may be the next day''s.';
COMMENT ON COLUMN public.shop_statistics.favorites IS 'Favorites of its products and of the shop itself that began that day and still stood when the day was last worked out.';
COMMENT ON COLUMN public.shop_statistics.carts IS 'Lines of its products that were added to carts, whatever became of them. More of what a cart holds already is no new line.';
COMMENT ON COLUMN public.shop_statistics.orders IS 'Orders that were paid that day, those of them included that were cancelled or refunded later.';
COMMENT ON COLUMN public.shop_statistics.units IS 'Units in the orders that were paid that day.';
COMMENT ON COLUMN public.shop_statistics.revenue IS 'Totals, with shipping, of the orders that were paid that day. Nothing is subtracted: what goes back is in refunded.';
COMMENT ON COLUMN public.shop_statistics.refunded IS 'Totals of paid orders that were cancelled or refunded that day, whichever day they had been paid, so that old days stay as they were.';

CREATE TABLE public.shops (
    id bigint NOT NULL,
    owner_id bigint NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    banner text,
    logo text,
    rating numeric(3,2),
    review_count integer DEFAULT 0 NOT NULL,
    sales_count integer DEFAULT 0 NOT NULL,
    shipping jsonb DEFAULT '{"base": "0.00", "per_extra_item": "0.00", "processing_days_max": 3, "processing_days_min": 1}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    is_on_vacation boolean DEFAULT false NOT NULL,
    vacation_message text,
    CONSTRAINT shops_name_has_a_sane_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT shops_rating_is_from_1_to_5 CHECK (((rating >= (1)::numeric) AND (rating <= (5)::numeric))),
    CONSTRAINT shops_review_count_is_not_negative CHECK ((review_count >= 0)),
    CONSTRAINT shops_sales_count_is_not_negative CHECK ((sales_count >= 0)),
    CONSTRAINT shops_shipping_is_a_profile CHECK (((shipping ?& ARRAY['base'::text, 'per_extra_item'::text, 'processing_days_min'::text, 'processing_days_max'::text]) AND ((shipping ->> 'base'::text) ~ '^\d{1,8}(\.\d{1,2})?$'::text) AND ((shipping ->> 'per_extra_item'::text) ~ '^\d{1,8}(\.\d{1,2})?$'::text) AND ((((shipping ->> 'processing_days_min'::text))::integer >= 0) AND (((shipping ->> 'processing_days_min'::text))::integer <= 365)) AND ((((shipping ->> 'processing_days_max'::text))::integer >= ((shipping ->> 'processing_days_min'::text))::integer) AND (((shipping ->> 'processing_days_max'::text))::integer <= 365)))),
    CONSTRAINT shops_vacation_message_has_a_sane_length CHECK (((char_length(vacation_message) >= 1) AND (char_length(vacation_message) <= 500)))
);
COMMENT ON TABLE public.shops IS 'Shops: branding, shipping profile and the counters that ranking reads.';
COMMENT ON COLUMN public.shops.id IS 'The shop.';
COMMENT ON COLUMN public.shops.owner_id IS 'Who runs it.';
COMMENT ON COLUMN public.shops.name IS 'Its name, 1 to 100 characters.';
COMMENT ON COLUMN public.shops.description IS 'What the owner says of it, as plain text.';
COMMENT ON COLUMN public.shops.banner IS 'URL of the banner picture.';
COMMENT ON COLUMN public.shops.logo IS 'URL of the logo.';
COMMENT ON COLUMN public.shops.rating IS 'Mean of the shop''s reviews, 1 to 5; null without a review.';
COMMENT ON COLUMN public.shops.review_count IS 'How many reviews it has; rating is their mean.';
COMMENT ON COLUMN public.shops.sales_count IS 'Units sold: up at checkout, down when an order is cancelled or refunded.';
COMMENT ON COLUMN public.shops.shipping IS 'Shipping profile: base and per_extra_item in US dollars as decimal strings, processing time in days.';
COMMENT ON COLUMN public.shops.created_at IS 'When it was opened.';
COMMENT ON COLUMN public.shops.is_on_vacation IS 'While true nothing of the shop can be added to a cart or checked out, and no list offers it.';
COMMENT ON COLUMN public.shops.vacation_message IS 'What the shop tells its visitors meanwhile; kept for the next vacation.';

ALTER TABLE public.shops ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.shops_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sign_in_addresses (
    user_id bigint NOT NULL,
    address_hash bytea NOT NULL,
    last_signed_in_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_addresses_address_hash_is_a_sha256 CHECK ((octet_length(address_hash) = 32))
);
COMMENT ON TABLE public.sign_in_addresses IS 'From where an account has signed in. For 30 days, wrong passwords that come from elsewhere do not end the sign-in from there.';
COMMENT ON COLUMN public.sign_in_addresses.user_id IS 'Who signed in.';
COMMENT ON COLUMN public.sign_in_addresses.address_hash IS 'HMAC-SHA256 of the IPv4 address or the IPv6 /64, under the key keyed_hash of service_secrets.';
COMMENT ON COLUMN public.sign_in_addresses.last_signed_in_at IS 'When it was last signed in to from there.';

CREATE TABLE public.statistics_days (
    day date NOT NULL,
    computed_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.statistics_days IS 'The days that rebuild_shop_statistics has worked out for all shops. It goes on from the last of them.';
COMMENT ON COLUMN public.statistics_days.day IS 'The day in UTC.';
COMMENT ON COLUMN public.statistics_days.computed_at IS 'When it was last worked out.';

CREATE TABLE public.users (
    id bigint NOT NULL,
    email text NOT NULL,
    password text NOT NULL,
    display_name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_display_name_has_a_sane_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 100))),
    CONSTRAINT users_email_has_a_sane_length CHECK (((char_length(email) >= 3) AND (char_length(email) <= 254)))
);
COMMENT ON TABLE public.users IS 'People: every buyer, and the owner of every shop.';
COMMENT ON COLUMN public.users.id IS 'The person.';
COMMENT ON COLUMN public.users.email IS 'The e-mail as it was given at registration. normal_email makes it unique.';
COMMENT ON COLUMN public.users.password IS 'argon2id hash in PHC format, or * for an account that nobody can sign in to.';
COMMENT ON COLUMN public.users.display_name IS 'The name that others see.';
COMMENT ON COLUMN public.users.created_at IS 'When the account was made.';

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.order_events ATTACH PARTITION public.order_events_undated FOR VALUES FROM (MINVALUE) TO ('1000000000');

ALTER TABLE ONLY public.order_items ATTACH PARTITION public.order_items_undated FOR VALUES FROM (MINVALUE) TO ('1000000000');

ALTER TABLE ONLY public.orders ATTACH PARTITION public.orders_undated FOR VALUES FROM (MINVALUE) TO ('1000000000');

ALTER TABLE ONLY public.checkouts ALTER COLUMN id SET DEFAULT public.next_dated_id('public.checkouts_id_seq'::regclass);

ALTER TABLE ONLY public.order_events ALTER COLUMN id SET DEFAULT nextval('public.order_events_id_seq'::regclass);

ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT public.next_dated_id('public.orders_id_seq'::regclass);

ALTER TABLE ONLY public.account_quotas
    ADD CONSTRAINT account_quotas_pkey PRIMARY KEY (user_id, quota);

ALTER TABLE ONLY public.cart_additions
    ADD CONSTRAINT cart_additions_pkey PRIMARY KEY (product_id, added_on);

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_user_id_product_id_key UNIQUE (user_id, product_id);

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_parent_id_name_key UNIQUE NULLS NOT DISTINCT (parent_id, name);

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.checkout_lines
    ADD CONSTRAINT checkout_lines_pkey PRIMARY KEY (checkout_id, product_id);

ALTER TABLE ONLY public.checkouts
    ADD CONSTRAINT checkouts_buyer_id_idempotency_key_key UNIQUE (buyer_id, idempotency_key);

ALTER TABLE ONLY public.checkouts
    ADD CONSTRAINT checkouts_id_buyer_id_key UNIQUE (id, buyer_id);

ALTER TABLE ONLY public.checkouts
    ADD CONSTRAINT checkouts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.countries
    ADD CONSTRAINT countries_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.dated_ids
    ADD CONSTRAINT dated_ids_pkey PRIMARY KEY (since);

ALTER TABLE ONLY public.deployed_functions
    ADD CONSTRAINT deployed_functions_pkey PRIMARY KEY (signature);

ALTER TABLE ONLY public.favorites
    ADD CONSTRAINT favorites_pkey PRIMARY KEY (user_id, fav_type, fav_id);

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (user_id, product_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, call, key);

ALTER TABLE ONLY public.key_counts
    ADD CONSTRAINT key_counts_pkey PRIMARY KEY (user_id, newest_created_at);

ALTER TABLE ONLY public.late_charges
    ADD CONSTRAINT late_charges_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY public.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.listing_counts
    ADD CONSTRAINT listing_counts_pkey PRIMARY KEY (shop_id);

ALTER TABLE ONLY public.loaded_synonyms
    ADD CONSTRAINT loaded_synonyms_pkey PRIMARY KEY (line);

ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT order_events_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY public.order_events_undated
    ADD CONSTRAINT order_events_undated_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_pkey PRIMARY KEY (order_id, product_id);

ALTER TABLE ONLY public.order_items_undated
    ADD CONSTRAINT order_items_undated_pkey PRIMARY KEY (order_id, product_id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.orders_undated
    ADD CONSTRAINT orders_undated_checkout_id_shop_id_key UNIQUE (checkout_id, shop_id);

ALTER TABLE ONLY public.orders_undated
    ADD CONSTRAINT orders_undated_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payment_events
    ADD CONSTRAINT payment_events_pkey PRIMARY KEY (provider, event_id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_checkout_id_key UNIQUE (checkout_id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.processes
    ADD CONSTRAINT processes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product_neighbors
    ADD CONSTRAINT product_neighbors_pkey PRIMARY KEY (product_id, neighbor_id);

ALTER TABLE ONLY public.product_popularity
    ADD CONSTRAINT product_popularity_pkey PRIMARY KEY (product_id);

ALTER TABLE ONLY public.product_search
    ADD CONSTRAINT product_search_pkey PRIMARY KEY (product_id);

ALTER TABLE ONLY public.product_views
    ADD CONSTRAINT product_views_pkey PRIMARY KEY (product_id, viewed_on);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_shop_id_sku_key UNIQUE (shop_id, sku);

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_order_id_key UNIQUE (order_id);

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_order_id_key UNIQUE (order_id);

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.search_changes
    ADD CONSTRAINT search_changes_pkey PRIMARY KEY (product_id);

ALTER TABLE ONLY public.search_indexes
    ADD CONSTRAINT search_indexes_pkey PRIMARY KEY (alias);

ALTER TABLE ONLY public.search_queries
    ADD CONSTRAINT search_queries_pkey PRIMARY KEY (day, q);

ALTER TABLE ONLY public.search_reformulations
    ADD CONSTRAINT search_reformulations_pkey PRIMARY KEY (day, from_q, to_q);

ALTER TABLE ONLY public.search_shop_changes
    ADD CONSTRAINT search_shop_changes_pkey PRIMARY KEY (shop_id);

ALTER TABLE ONLY public.search_synonyms
    ADD CONSTRAINT search_synonyms_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_word_changes
    ADD CONSTRAINT search_word_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_words
    ADD CONSTRAINT search_words_pkey PRIMARY KEY (word);

ALTER TABLE ONLY public.service_secrets
    ADD CONSTRAINT service_secrets_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.shop_statistics
    ADD CONSTRAINT shop_statistics_pkey PRIMARY KEY (shop_id, day);

ALTER TABLE ONLY public.shops
    ADD CONSTRAINT shops_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sign_in_addresses
    ADD CONSTRAINT sign_in_addresses_pkey PRIMARY KEY (user_id, address_hash);

ALTER TABLE ONLY public.statistics_days
    ADD CONSTRAINT statistics_days_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX cart_additions_added_on_idx ON public.cart_additions USING btree (added_on);

CREATE UNIQUE INDEX cart_items_product_id_hold_key ON public.cart_items USING btree (product_id) WHERE (reserved_until IS NOT NULL);

CREATE INDEX cart_items_product_id_idx ON public.cart_items USING btree (product_id);

CREATE INDEX cart_items_reserved_until_idx ON public.cart_items USING btree (reserved_until) WHERE (reserved_until IS NOT NULL);

CREATE INDEX checkout_lines_product_id_idx ON public.checkout_lines USING btree (product_id);

CREATE INDEX checkouts_pending_idx ON public.checkouts USING btree (created_at) WHERE (status = 'pending'::text);

CREATE INDEX favorites_created_at_idx ON public.favorites USING btree (created_at);

CREATE INDEX favorites_fav_type_fav_id_idx ON public.favorites USING btree (fav_type, fav_id);

CREATE INDEX favorites_user_id_idx ON public.favorites USING btree (user_id, created_at DESC, fav_type, fav_id);

CREATE INDEX holds_held_until_idx ON public.holds USING btree (held_until);

CREATE INDEX holds_lapsed_idx ON public.holds USING btree (user_id) WHERE (lapsed_at IS NOT NULL);

CREATE INDEX holds_product_id_idx ON public.holds USING btree (product_id);

CREATE INDEX idempotency_keys_checkout_id_idx ON public.idempotency_keys USING btree (checkout_id);

CREATE INDEX idempotency_keys_created_at_idx ON public.idempotency_keys USING btree (created_at);

CREATE INDEX idempotency_keys_user_id_created_at_idx ON public.idempotency_keys USING btree (user_id, created_at);

CREATE INDEX late_charges_pending_idx ON public.late_charges USING btree (payment_id) WHERE (status = 'pending'::text);

CREATE INDEX order_events_actor_id_idx ON ONLY public.order_events USING btree (actor_id);

CREATE INDEX order_events_paid_created_at_idx ON ONLY public.order_events USING btree (created_at) WHERE (status = 'paid'::text);

CREATE INDEX order_events_undated_actor_id_idx ON public.order_events_undated USING btree (actor_id);

CREATE INDEX order_events_undated_paid_created_at_idx ON public.order_events_undated USING btree (created_at) WHERE (status = 'paid'::text);

CREATE INDEX order_items_product_id_idx ON ONLY public.order_items USING btree (product_id);

CREATE INDEX order_items_undated_product_id_idx ON public.order_items_undated USING btree (product_id);

CREATE INDEX orders_buyer_id_created_at_idx ON ONLY public.orders USING btree (buyer_id, created_at DESC, id DESC);

CREATE INDEX orders_shop_id_created_at_idx ON ONLY public.orders USING btree (shop_id, created_at DESC, id DESC);

CREATE INDEX orders_shop_id_status_created_at_idx ON ONLY public.orders USING btree (shop_id, status, created_at DESC, id DESC);

CREATE INDEX orders_undated_buyer_id_created_at_idx ON public.orders_undated USING btree (buyer_id, created_at DESC, id DESC);

CREATE INDEX orders_undated_shop_id_created_at_idx ON public.orders_undated USING btree (shop_id, created_at DESC, id DESC);

CREATE INDEX orders_undated_shop_id_status_created_at_idx ON public.orders_undated USING btree (shop_id, status, created_at DESC, id DESC);

CREATE INDEX payment_events_checkout_id_idx ON public.payment_events USING btree (checkout_id);

CREATE INDEX payments_provider_reference_idx ON public.payments USING btree (provider, provider_reference);

CREATE INDEX pictures_owner_id_idx ON public.pictures USING btree (owner_id, uploaded_at DESC, id DESC);

CREATE UNIQUE INDEX pictures_owner_id_source_hash_key ON public.pictures USING btree (owner_id, source_hash) WHERE (removed_at IS NULL);

CREATE INDEX product_neighbors_neighbor_id_idx ON public.product_neighbors USING btree (neighbor_id);

CREATE INDEX product_popularity_score_idx ON public.product_popularity USING btree (score DESC, product_id DESC);

CREATE INDEX product_search_document_idx ON public.product_search USING gin (document);

CREATE INDEX product_search_title_idx ON public.product_search USING gin (title);

CREATE INDEX product_views_viewed_on_idx ON public.product_views USING btree (viewed_on);

CREATE INDEX products_category_id_idx ON public.products USING btree (category_id, created_at DESC, id DESC);

CREATE INDEX products_created_at_idx ON public.products USING btree (created_at DESC, id DESC);

CREATE INDEX products_price_idx ON public.products USING btree (price, id);

CREATE INDEX products_shop_id_idx ON public.products USING btree (shop_id, created_at DESC, id DESC);

CREATE INDEX refunds_created_at_idx ON public.refunds USING btree (created_at);

CREATE INDEX refunds_payment_id_idx ON public.refunds USING btree (payment_id);

CREATE INDEX reviews_reviewer_id_idx ON public.reviews USING btree (reviewer_id);

CREATE INDEX reviews_shop_id_idx ON public.reviews USING btree (shop_id, id DESC);

CREATE INDEX search_changes_queued_at_idx ON public.search_changes USING btree (queued_at, product_id) WHERE (refusal IS NULL);

CREATE INDEX search_shop_changes_queued_at_idx ON public.search_shop_changes USING btree (queued_at);

CREATE INDEX search_words_one_deletes_idx ON public.search_words USING gin (public.one_deletes(word));

CREATE INDEX search_words_prefix_idx ON public.search_words USING btree (word text_pattern_ops);

CREATE INDEX search_words_stem_idx ON public.search_words USING btree (stem);

CREATE INDEX search_words_trigrams_idx ON public.search_words USING gin (word public.gin_trgm_ops);

CREATE INDEX sessions_expires_at_idx ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_user_id_idx ON public.sessions USING btree (user_id);

CREATE INDEX shop_statistics_day_idx ON public.shop_statistics USING btree (day);

CREATE INDEX shops_name_trigrams_idx ON public.shops USING gin (lower(name) public.gin_trgm_ops);

CREATE INDEX shops_on_vacation_idx ON public.shops USING btree (id) WHERE is_on_vacation;

CREATE INDEX shops_owner_id_idx ON public.shops USING btree (owner_id);

CREATE INDEX sign_in_addresses_last_signed_in_at_idx ON public.sign_in_addresses USING btree (last_signed_in_at);

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email));

CREATE UNIQUE INDEX users_normal_email_key ON public.users USING btree (lower((email COLLATE "C")) COLLATE "default");

ALTER INDEX public.order_events_actor_id_idx ATTACH PARTITION public.order_events_undated_actor_id_idx;

ALTER INDEX public.order_events_paid_created_at_idx ATTACH PARTITION public.order_events_undated_paid_created_at_idx;

ALTER INDEX public.order_events_pkey ATTACH PARTITION public.order_events_undated_pkey;

ALTER INDEX public.order_items_pkey ATTACH PARTITION public.order_items_undated_pkey;

ALTER INDEX public.order_items_product_id_idx ATTACH PARTITION public.order_items_undated_product_id_idx;

ALTER INDEX public.orders_buyer_id_created_at_idx ATTACH PARTITION public.orders_undated_buyer_id_created_at_idx;

ALTER INDEX public.orders_pkey ATTACH PARTITION public.orders_undated_pkey;

ALTER INDEX public.orders_shop_id_created_at_idx ATTACH PARTITION public.orders_undated_shop_id_created_at_idx;

ALTER INDEX public.orders_shop_id_status_created_at_idx ATTACH PARTITION public.orders_undated_shop_id_status_created_at_idx;

CREATE TRIGGER cart_items__count_additions AFTER INSERT ON public.cart_items REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tg_cart_items__count_additions();

CREATE TRIGGER cart_items__note_deleted AFTER DELETE ON public.cart_items REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.tg_cart_items__note_change();

CREATE TRIGGER cart_items__note_inserted AFTER INSERT ON public.cart_items REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.tg_cart_items__note_change();

CREATE TRIGGER cart_items__note_updated AFTER UPDATE ON public.cart_items REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.tg_cart_items__note_change();

CREATE TRIGGER categories__note_searches AFTER INSERT OR DELETE OR UPDATE ON public.categories FOR EACH STATEMENT EXECUTE FUNCTION public.tg__note_searches();

CREATE CONSTRAINT TRIGGER checkouts__check_parts AFTER INSERT ON public.checkouts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tg_checkouts__check_parts();

CREATE TRIGGER checkouts__refuse_change BEFORE UPDATE OF buyer_id, subtotal, shipping, total ON public.checkouts FOR EACH ROW EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER checkouts__touch_updated_at BEFORE UPDATE ON public.checkouts FOR EACH ROW EXECUTE FUNCTION public.tg__touch_updated_at();

CREATE TRIGGER favorites__note_deleted AFTER DELETE ON public.favorites REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.tg_favorites__note_change();

CREATE TRIGGER favorites__note_inserted AFTER INSERT ON public.favorites REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.tg_favorites__note_change();

CREATE TRIGGER late_charges__touch_updated_at BEFORE UPDATE ON public.late_charges FOR EACH ROW EXECUTE FUNCTION public.tg__touch_updated_at();

CREATE TRIGGER order_events__refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_events FOR EACH STATEMENT EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER order_events__refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_events_undated FOR EACH STATEMENT EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER order_items__refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_items FOR EACH STATEMENT EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER order_items__refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_items_undated FOR EACH STATEMENT EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER order_items__refuse_late_parts AFTER INSERT ON public.order_items REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tg_orders__refuse_late_parts();

CREATE TRIGGER order_items__refuse_late_parts AFTER INSERT ON public.order_items_undated REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tg_orders__refuse_late_parts();

CREATE TRIGGER orders__refuse_change BEFORE UPDATE OF checkout_id, buyer_id, shop_id, subtotal, shipping, total ON public.orders FOR EACH ROW EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER orders__refuse_late_parts AFTER INSERT ON public.orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tg_orders__refuse_late_parts();

CREATE TRIGGER orders__refuse_late_parts AFTER INSERT ON public.orders_undated REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.tg_orders__refuse_late_parts();

CREATE TRIGGER orders__touch_updated_at BEFORE UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.tg__touch_updated_at();

CREATE TRIGGER payment_events__refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payment_events FOR EACH STATEMENT EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER payments__refuse_change BEFORE DELETE OR UPDATE OF checkout_id, amount ON public.payments FOR EACH ROW EXECUTE FUNCTION public.tg__refuse_change();

CREATE TRIGGER payments__touch_updated_at BEFORE UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.tg__touch_updated_at();

CREATE TRIGGER products__index_facts AFTER UPDATE OF price, quantity, is_vintage ON public.products FOR EACH ROW WHEN ((((old.price IS DISTINCT FROM new.price) OR ((old.quantity > 0) IS DISTINCT FROM (new.quantity > 0))) OR (old.is_vintage IS DISTINCT FROM new.is_vintage))) EXECUTE FUNCTION public.tg_products__index_facts();

CREATE TRIGGER products__index_inserted AFTER INSERT ON public.products REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.tg_products__index_inserted();

CREATE TRIGGER products__index_updated AFTER UPDATE OF title, description, tags, category_id, archived_at ON public.products FOR EACH ROW WHEN ((((((old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description)) OR (old.tags IS DISTINCT FROM new.tags)) OR (old.category_id IS DISTINCT FROM new.category_id)) OR ((old.archived_at IS NULL) IS DISTINCT FROM (new.archived_at IS NULL)))) EXECUTE FUNCTION public.tg_products__index_updated();

CREATE TRIGGER products__note_deleted AFTER DELETE ON public.products REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.tg_products__note_deleted();

CREATE TRIGGER products__note_inserted AFTER INSERT ON public.products REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.tg_products__note_inserted();

CREATE TRIGGER products__note_updated AFTER UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.tg_products__note_updated();

CREATE TRIGGER products__touch_updated_at BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.tg__touch_updated_at();

CREATE TRIGGER refunds__touch_updated_at BEFORE UPDATE ON public.refunds FOR EACH ROW EXECUTE FUNCTION public.tg__touch_updated_at();

CREATE TRIGGER search_synonyms__note_searches AFTER INSERT OR DELETE OR UPDATE ON public.search_synonyms FOR EACH STATEMENT EXECUTE FUNCTION public.tg__note_searches();

CREATE TRIGGER sessions__note_ended AFTER DELETE ON public.sessions REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION public.tg_sessions__note_ended();

CREATE TRIGGER shops__note_updated AFTER UPDATE ON public.shops FOR EACH ROW EXECUTE FUNCTION public.tg_shops__note_updated();

CREATE TRIGGER users__check_email BEFORE INSERT OR UPDATE OF email ON public.users FOR EACH ROW EXECUTE FUNCTION public.tg_users__check_email();

ALTER TABLE ONLY public.account_quotas
    ADD CONSTRAINT account_quotas_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cart_additions
    ADD CONSTRAINT cart_additions_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.categories(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.checkout_lines
    ADD CONSTRAINT checkout_lines_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES public.checkouts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.checkout_lines
    ADD CONSTRAINT checkout_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.checkouts
    ADD CONSTRAINT checkouts_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.favorites
    ADD CONSTRAINT favorites_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES public.checkouts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.key_counts
    ADD CONSTRAINT key_counts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.late_charges
    ADD CONSTRAINT late_charges_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.listing_counts
    ADD CONSTRAINT listing_counts_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES public.shops(id) ON DELETE CASCADE;

ALTER TABLE public.order_events
    ADD CONSTRAINT order_events_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE public.order_events
    ADD CONSTRAINT order_events_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE RESTRICT;

ALTER TABLE public.order_items
    ADD CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE RESTRICT;

ALTER TABLE public.order_items
    ADD CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE RESTRICT;

ALTER TABLE public.orders
    ADD CONSTRAINT orders_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE public.orders
    ADD CONSTRAINT orders_checkout_id_buyer_id_fkey FOREIGN KEY (checkout_id, buyer_id) REFERENCES public.checkouts(id, buyer_id) ON DELETE RESTRICT;

ALTER TABLE public.orders
    ADD CONSTRAINT orders_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES public.shops(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES public.checkouts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.product_neighbors
    ADD CONSTRAINT product_neighbors_neighbor_id_fkey FOREIGN KEY (neighbor_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_neighbors
    ADD CONSTRAINT product_neighbors_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_popularity
    ADD CONSTRAINT product_popularity_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_search
    ADD CONSTRAINT product_search_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.product_views
    ADD CONSTRAINT product_views_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES public.shops(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_reviewer_id_fkey FOREIGN KEY (reviewer_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES public.shops(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shop_statistics
    ADD CONSTRAINT shop_statistics_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES public.shops(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shops
    ADD CONSTRAINT shops_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.sign_in_addresses
    ADD CONSTRAINT sign_in_addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
