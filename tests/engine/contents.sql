-- Everything that a database holds, a line of text each, without a single OID.
with own as (
  select oid from pg_class where oid >= 16384 and relnamespace <> 'pg_toast'::regnamespace
),
described as (
  select 'relation' as kind, c.oid::regclass::text as name, concat_ws(' | ', c.relkind, c.relpersistence, a.amname,
      pg_get_userbyid(c.relowner), c.relacl::text, c.reloptions::text, c.relrowsecurity, c.relforcerowsecurity,
      c.relreplident, c.relispopulated, pg_get_expr(c.relpartbound, c.oid),
      pg_get_partkeydef(c.oid), c.reloftype::regtype,
      case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
      case when c.relkind in ('i', 'I') then pg_get_indexdef(c.oid) end,
      (select concat_ws(' ', indisclustered, indisreplident, indisvalid, indnullsnotdistinct) from pg_index
        where indexrelid = c.oid),
      (select reloptions::text from pg_class where oid = c.reltoastrelid)) as definition
    from pg_class c left join pg_am a on a.oid = c.relam where c.oid in (table own)
  union all
  select 'column', attrelid::regclass || '.' || attname, concat_ws(' | ', attnum, format_type(atttypid, atttypmod),
      attcollation::regcollation, attnotnull, attidentity, attgenerated, attstorage, attcompression, attstattarget,
      attisdropped, attislocal, attinhcount, attacl::text, attoptions::text, attfdwoptions::text,
      pg_get_expr(d.adbin, d.adrelid))
    from pg_attribute left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
    where attnum > 0 and attrelid in (table own)
  union all
  select 'inherits', inhrelid::regclass || ' ' || inhseqno, inhparent::regclass::text from pg_inherits
  union all
  select 'constraint', concat_ws('.', nullif(conrelid, 0)::regclass, nullif(contypid, 0)::regtype, conname),
      concat_ws(' | ', pg_get_constraintdef(oid), convalidated, conislocal, coninhcount, connoinherit) from pg_constraint
    where oid >= 16384
  union all
  select 'sequence', seqrelid::regclass::text, concat_ws(' | ', seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin,
      seqcache, seqcycle) from pg_sequence
  union all
  select 'trigger', tgrelid::regclass || '.' || case when tgisinternal then regexp_replace(tgname, '\d+', 'N') || tgtype
      else tgname end, concat_ws(' | ', case when not tgisinternal then pg_get_triggerdef(oid) end, tgenabled)
    from pg_trigger where tgrelid in (table own)
  union all
  select 'rule', ev_class::regclass || '.' || rulename, concat_ws(' | ', pg_get_ruledef(oid), ev_enabled) from pg_rewrite
    where ev_class in (table own)
  union all
  select 'policy', polrelid::regclass || '.' || polname, concat_ws(' | ', polcmd, polpermissive,
      (select string_agg(case r when 0 then 'public' else pg_get_userbyid(r) end, ',' order by 1) from unnest(polroles) r),
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy
  union all
  select 'routine', oid::regprocedure::text, concat_ws(' | ', pg_get_userbyid(proowner), proacl::text,
      case when prokind = 'a' then prorettype::regtype::text else pg_get_functiondef(oid) end) from pg_proc
    where oid >= 16384
  union all
  select 'aggregate', aggfnoid::regprocedure::text, concat_ws(' | ', aggkind, aggtransfn, aggfinalfn, aggfinalextra,
      aggcombinefn, aggtranstype::regtype, agginitval, aggsortop::regoperator) from pg_aggregate
    where aggfnoid >= 16384
  union all
  select 'type', t.oid::regtype::text, concat_ws(' | ', typtype, typcategory, typnotnull, typdefault, typlen, typstorage,
      nullif(typbasetype, 0)::regtype, typtypmod, typcollation::regcollation, pg_get_userbyid(typowner), typacl::text,
      (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid),
      (select concat_ws(' ', rngsubtype::regtype, rngmultitypid::regtype, rngcanonical, rngsubdiff) from pg_range
        where rngtypid = t.oid)) from pg_type t
    where t.oid >= 16384 and t.typnamespace <> 'pg_toast'::regnamespace
  union all
  select 'operator', oid::regoperator::text, concat_ws(' | ', oprcode, oprresult::regtype, oprcom::regoperator,
      oprnegate::regoperator, oprrest, oprjoin, oprcanmerge, oprcanhash) from pg_operator where oid >= 16384
  union all
  select 'operator class', (pg_identify_object('pg_opclass'::regclass, oid, 0)).identity, concat_ws(' | ',
      (pg_identify_object('pg_opfamily'::regclass, opcfamily, 0)).identity, opcintype::regtype, opcdefault) from pg_opclass
    where oid >= 16384
  union all
  select 'cast', (pg_identify_object('pg_cast'::regclass, oid, 0)).identity, concat_ws(' | ', castfunc::regprocedure,
      castcontext, castmethod) from pg_cast where oid >= 16384
  union all
  select 'collation', oid::regcollation::text, concat_ws(' | ', collprovider, collisdeterministic, collcollate, collctype)
    from pg_collation where oid >= 16384
  union all
  select 'text search', oid::regconfig::text, (select string_agg(concat_ws(' ', maptokentype, mapseqno,
      mapdict::regdictionary), ', ' order by maptokentype, mapseqno) from pg_ts_config_map where mapcfg = c.oid)
    from pg_ts_config c where oid >= 16384
  union all
  select 'dictionary', oid::regdictionary::text, dictinitoption from pg_ts_dict where oid >= 16384
  union all
  select 'statistics', stxnamespace::regnamespace || '.' || stxname, pg_get_statisticsobjdef(oid)
    from pg_statistic_ext
  union all
  select 'event trigger', evtname, concat_ws(' | ', evtevent, evtfoid::regproc, evtenabled, evttags::text)
    from pg_event_trigger
  union all
  select 'publication', pubname, concat_ws(' | ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate,
      (select string_agg(prrelid::regclass || ' ' || coalesce(prattrs::text, '') || coalesce(pg_get_expr(prqual, prrelid),
      ''), ', ' order by 1) from pg_publication_rel where prpubid = p.oid), (select string_agg(pnnspid::regnamespace::text,
      ', ' order by 1) from pg_publication_namespace where pnpubid = p.oid)) from pg_publication p
  union all
  select 'foreign', srvname, concat_ws(' | ', fdwname, fdwoptions::text, srvtype, srvversion, srvoptions::text,
      srvacl::text) from pg_foreign_server join pg_foreign_data_wrapper w on w.oid = srvfdw
  union all
  select 'user mapping', srvname || ' ' || usename, umoptions::text from pg_user_mappings
  union all
  select 'foreign table', ftrelid::regclass::text, ftoptions::text from pg_foreign_table
  union all
  select 'extension', extname, concat_ws(' | ', extversion, extnamespace::regnamespace) from pg_extension
  union all
  select 'schema', oid::regnamespace::text, concat_ws(' | ', pg_get_userbyid(nspowner), nspacl::text) from pg_namespace
    where nspname !~ '^pg_(toast_)?temp'
  union all
  select 'default privileges', concat_ws(' ', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace, defaclobjtype),
      defaclacl::text from pg_default_acl
  union all
  select 'setting', coalesce(nullif(setrole, 0)::regrole::text, ''), setconfig::text from pg_db_role_setting
    where setdatabase = (select oid from pg_database where datname = current_database())
  union all
  select 'large object', oid::text, concat_ws(' | ', pg_get_userbyid(lomowner), lomacl::text, md5(lo_get(oid)))
    from pg_largeobject_metadata
  union all
  select 'comment', (pg_identify_object(classoid, objoid, objsubid)).type || ' ' ||
      (pg_identify_object(classoid, objoid, objsubid)).identity, description from pg_description
    where objoid >= 16384 or classoid = 'pg_namespace'::regclass
  union all
  select 'dependency', concat_ws(' ', pg_describe_object(classid, objid, objsubid), deptype), pg_describe_object(refclassid,
      refobjid, refobjsubid) from pg_depend
    where objid >= 16384 and pg_describe_object(classid, objid, objsubid) !~ 'pg_toast'
)
select line from (
  select regexp_replace(concat_ws(': ', kind, name, definition), '(pg_toast|ConstraintTrigger(_.)?)_\d+', '\1', 'g') as line
  from described
) lines
order by line collate "C"
