-- A secret that all processes share.
-- $1 name
select s.secret
from service_secrets s
where s.name = $1
