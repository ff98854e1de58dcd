-- What the admins have to decide, oldest first. $1 the size of a page; $2 the cursor, null at first.
select
  public.page_json(array_agg(item), $1) as body,
  public.page_next(array_agg(created_at), array_agg(uuid), $1) as next
from (
  select * from (
    select
      report.uuid,
      report.created_at,
      (
        select row_to_json(shown)
        from (
          select
            report.uuid,
            report.reason,
            report.note,
            report.message,
            report.activity_uuid,
            json_build_object('handle', author.handle, 'display_name', author.display_name) as author,
            json_build_object('handle', reporter.handle, 'display_name', reporter.display_name) as reporter,
            public.utc_text(report.created_at) as created_at
        ) as shown
      ) as item
    from public.reports as report
    join public.users as author on author.uuid = report.author_uuid
    join public.users as reporter on reporter.uuid = report.reporter_uuid
    where report.decided_at is null
      and (report.created_at, report.uuid) > (
        coalesce(public.cursor_time($2), '-infinity'),
        coalesce(public.cursor_uuid($2), '00000000-0000-0000-0000-000000000000')
      )
    order by report.created_at, report.uuid
    limit 41
  ) as most limit $1 + 1
) as page
