-- Writes the statement that tells of all rows of a database, and how far its sequences are.
select string_agg(
  case relkind
    when 'S' then format('select %L || last_value || is_called as line from %s', 'sequence ' || oid::regclass || ': ', oid::regclass)
    else format($$select %L || concat(count(*), ' ', md5(string_agg(r::text, e'\n' order by r::text collate "C"))) from only %s r$$,
      'rows ' || oid::regclass || ': ', oid::regclass)
  end, ' union all ' order by relkind = 'S' desc, oid::regclass::text collate "C") as statement
from pg_class
where relkind in ('r', 'm', 'S') and relispopulated and oid >= 16384 and relnamespace::regnamespace::text !~ '^pg_'
