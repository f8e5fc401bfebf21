-- migrate:up
-- ISO 3166-1 alpha-2 as of 2026. Google's libaddressinput says which countries have no postal codes: it has no place for one in their addresses.
-- A test compares both with npm packages that are kept up to date; where it fails, a new migration follows.
set local lock_timeout = '2s';
create table countries (
  code text primary key,
  has_postal_codes boolean not null,
  constraint countries_code_is_two_capital_letters check (code ~ '^[A-Z]{2}$')
);
comment on table countries is 'The countries of ISO 3166-1: where an order can go.';
comment on column countries.code is 'ISO 3166-1 alpha-2, such as US.';
comment on column countries.has_postal_codes is 'Whether an address there needs a postal code.';

insert into countries (code, has_postal_codes)
select code, true from regexp_split_to_table('
    AD AF AI AL AM AR AS AT AU AX AZ BA BB BD BE BG BH BL BM BN BR BT BY CA CC CH CL CN CO CR CU CV CX CY CZ DE DK DO DZ EC
    EE EG EH ES ET FI FK FM FO FR GB GE GF GG GI GL GN GP GR GS GT GU GW HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JO
    JP KE KG KH KP KR KW KY KZ LA LB LI LK LR LS LT LU LV MA MC MD ME MF MG MH MK MM MN MP MQ MT MU MV MX MY MZ NA NC NE NF
    NG NI NL NO NP NZ OM PE PF PG PH PK PL PM PN PR PT PW PY RE RO RS RU SA SD SE SG SH SI SJ SK SM SN SO SV SZ TC TH TJ TM
    TN TR TW TZ UA UM US UY UZ VA VC VE VG VI VN WF YT ZA ZM
', '\s+') code
where code <> ''
union all
select code, false from regexp_split_to_table('
    AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN LC LY ML MO
    MR MS MW NR NU PA PS QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TT TV UG VU WS YE ZW
', '\s+') code
where code <> '';

-- migrate:down
set local lock_timeout = '2s';
drop table countries;
