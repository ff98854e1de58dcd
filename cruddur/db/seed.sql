-- Every row has a fixed uuid, so that a second run adds nothing.

insert into public.users (uuid, display_name, handle, cognito_user_id, created_at)
values
  ('0199c000-0000-7000-8000-000000000001', 'Andrew Brown', 'andrewbrown', 'mock-andrewbrown', now() - interval '90 days'),
  ('0199c000-0000-7000-8000-000000000002', 'Andrew Bayko', 'bayko', 'mock-bayko', now() - interval '90 days'),
  ('0199c000-0000-7000-8000-000000000003', 'Maya Okafor', 'maya_ok', 'mock-maya_ok', now() - interval '41 days'),
  ('0199c000-0000-7000-8000-000000000004', 'Tomás Rivera', 'tomas', 'mock-tomas', now() - interval '33 days'),
  ('0199c000-0000-7000-8000-000000000005', 'Ingrid Solheim', 'ingrid_s', 'mock-ingrid_s', now() - interval '20 days'),
  ('0199c000-0000-7000-8000-000000000006', 'Yuki Tanaka', 'yuki', 'mock-yuki', now() - interval '12 days'),
  ('0199c000-0000-7000-8000-000000000007', 'Priya Nair', 'priya_n', 'mock-priya_n', now() - interval '5 days')
on conflict do nothing;

-- Who wrote it is asked by cognito_user_id: where a real person has taken a handle, the seed puts no words in their mouth.
insert into public.activities
  (uuid, user_uuid, message, expires_at, created_at)
select
  activity.uuid::uuid,
  author.uuid,
  activity.message,
  now() - activity.age::interval + activity.life::interval,
  now() - activity.age::interval
from (
  values
    ('0199c000-0000-7000-8000-000000000101', 'andrewbrown', '0 seconds', '10 days',
     'This was imported as seed data!'),
    ('0199c000-0000-7000-8000-000000000102', 'maya_ok', '57 minutes', '1 hour',
     'Leftover samosas in the second-floor kitchen. They will be gone before this post is.'),
    ('0199c000-0000-7000-8000-000000000103', 'ingrid_s', '34 minutes', '3 hours',
     'Dropped the database in the middle of a call. On purpose, and on my own laptop, but my heart does not know that.'),
    ('0199c000-0000-7000-8000-000000000104', 'yuki', '50 minutes', '12 hours',
     'There is a heron on the roof of the library again. It looks like it is waiting for a book it reserved.'),
    ('0199c000-0000-7000-8000-000000000105', 'priya_n', '2 hours 10 minutes', '1 day',
     'Today I learned that a timestamp without a time zone is a rumour.'),
    ('0199c000-0000-7000-8000-000000000106', 'tomas', '4 hours', '12 hours',
     'Bread report: the crust sings when it cools. Crumb still dense. Attempt five is in the oven.'),
    ('0199c000-0000-7000-8000-000000000107', 'ingrid_s', '9 hours', '1 day',
     'First snow on the pass this morning. The last tram up leaves at nine, bring a thermos.'),
    ('0199c000-0000-7000-8000-000000000108', 'priya_n', '1 day 3 hours', '3 days',
     'Security group rules are like a guest list: "anyone from anywhere" is not a guest list.'),
    ('0199c000-0000-7000-8000-000000000109', 'maya_ok', '2 days', '7 days',
     'I keep a notebook of things I was wrong about. Volume two starts today.'),
    ('0199c000-0000-7000-8000-000000000110', 'tomas', '3 days 6 hours', '7 days',
     E'Three lines for a Friday:\nthe build is green,\nthe kettle is on,\nnobody is on call.'),
    ('0199c000-0000-7000-8000-000000000111', 'yuki', '6 days', '30 days',
     'Small request to everyone who names things: someone will have to say it aloud on the phone one day.'),
    ('0199c000-0000-7000-8000-000000000112', 'maya_ok', '2 hours', '1 hour',
     'If you can read this, somebody forgot to look at the clock.')
) as activity (uuid, author, age, life, message)
join public.users as author on author.cognito_user_id = 'mock-' || activity.author
on conflict do nothing;

-- No reply outlives what it answers.
insert into public.activities
  (uuid, user_uuid, message, reply_to_activity_uuid, expires_at, created_at)
select
  reply.uuid::uuid,
  author.uuid,
  reply.message,
  parent.uuid,
  now() - reply.age::interval + reply.life::interval,
  now() - reply.age::interval
from (
  values
    ('0199c000-0000-7000-8000-000000000201', '0199c000-0000-7000-8000-000000000101', 'maya_ok', '0 seconds', '7 days',
     'And it even arrived in one piece.'),
    ('0199c000-0000-7000-8000-000000000202', '0199c000-0000-7000-8000-000000000101', 'priya_n', '0 seconds', '10 days',
     'Best first words of a database I have read.'),
    ('0199c000-0000-7000-8000-000000000203', '0199c000-0000-7000-8000-000000000103', 'tomas', '21 minutes', '1 hour',
     'The heart keeps no backups.'),
    ('0199c000-0000-7000-8000-000000000204', '0199c000-0000-7000-8000-000000000105', 'tomas', '2 hours', '12 hours',
     'UTC in the table, local on the page. Everything else is a support ticket.'),
    ('0199c000-0000-7000-8000-000000000205', '0199c000-0000-7000-8000-000000000105', 'yuki', '1 hour 30 minutes', '3 hours',
     'A rumour that is true twice a year.'),
    ('0199c000-0000-7000-8000-000000000206', '0199c000-0000-7000-8000-000000000105', 'ingrid_s', '48 minutes', '3 hours',
     'We have a clock like that in the station.'),
    ('0199c000-0000-7000-8000-000000000207', '0199c000-0000-7000-8000-000000000107', 'maya_ok', '8 hours', '12 hours',
     'Thermos packed. Is the bakery at the top open?'),
    ('0199c000-0000-7000-8000-000000000208', '0199c000-0000-7000-8000-000000000108', 'ingrid_s', '1 day 1 hour', '2 days',
     'Ours says "friends of Bob". Bob left in 2019.'),
    ('0199c000-0000-7000-8000-000000000209', '0199c000-0000-7000-8000-000000000108', 'yuki', '23 hours', '2 days',
     'Printing this out for the team.')
) as reply (uuid, parent_uuid, author, age, life, message)
join public.users as author on author.cognito_user_id = 'mock-' || reply.author
join public.activities as parent on parent.uuid = reply.parent_uuid::uuid
on conflict do nothing;

insert into public.likes (activity_uuid, user_uuid, created_at)
select activity.uuid, person.uuid, activity.created_at + interval '1 minute' * row_number() over (partition by activity.uuid)
from (
  values
    (101, 'bayko maya_ok tomas ingrid_s yuki priya_n'),
    (102, 'tomas yuki'),
    (103, 'andrewbrown bayko tomas priya_n'),
    (104, 'maya_ok tomas ingrid_s priya_n'),
    (105, 'andrewbrown bayko maya_ok tomas ingrid_s yuki'),
    (106, 'maya_ok ingrid_s yuki'),
    (107, 'maya_ok tomas priya_n'),
    (108, 'andrewbrown bayko ingrid_s tomas'),
    (109, 'yuki priya_n'),
    (110, 'andrewbrown ingrid_s'),
    (111, 'andrewbrown bayko maya_ok tomas priya_n'),
    (201, 'andrewbrown bayko'),
    (202, 'andrewbrown'),
    (203, 'ingrid_s yuki priya_n'),
    (204, 'priya_n ingrid_s maya_ok'),
    (205, 'priya_n tomas'),
    (207, 'ingrid_s'),
    (208, 'priya_n bayko')
) as liked (number, people)
cross join lateral string_to_table(liked.people, ' ') as fan
join public.users as person on person.cognito_user_id = 'mock-' || fan
join public.activities as activity on activity.uuid = ('0199c000-0000-7000-8000-000000000' || liked.number)::uuid
on conflict do nothing;

insert into public.reposts (activity_uuid, user_uuid, activity_created_at, created_at)
select activity.uuid, person.uuid, activity.created_at, activity.created_at + interval '2 minutes'
from (
  values
    (101, 'bayko maya_ok'),
    (103, 'tomas'),
    (104, 'maya_ok priya_n'),
    (105, 'ingrid_s tomas'),
    (108, 'andrewbrown'),
    (111, 'maya_ok')
) as reposted (number, people)
cross join lateral string_to_table(reposted.people, ' ') as fan
join public.users as person on person.cognito_user_id = 'mock-' || fan
join public.activities as activity on activity.uuid = ('0199c000-0000-7000-8000-000000000' || reposted.number)::uuid
on conflict do nothing;

insert into public.follows (follower_uuid, followed_uuid, created_at)
select person.uuid, followed.uuid, now() - interval '1 day'
from (
  values
    ('andrewbrown', 'bayko priya_n'),
    ('bayko', 'andrewbrown'),
    ('maya_ok', 'tomas ingrid_s yuki'),
    ('tomas', 'maya_ok priya_n'),
    ('ingrid_s', 'priya_n maya_ok'),
    ('yuki', 'maya_ok'),
    ('priya_n', 'andrewbrown tomas ingrid_s')
) as follower (author, people)
cross join lateral string_to_table(follower.people, ' ') as name
join public.users as person on person.cognito_user_id = 'mock-' || follower.author
join public.users as followed on followed.cognito_user_id = 'mock-' || name
on conflict do nothing;

-- The counts are of rows that are there, whoever has written, liked or followed since.
update public.activities
set replies_count = (select count(*) from public.activities as reply where reply.reply_to_activity_uuid = activities.uuid),
  likes_count = (select count(*) from public.likes where likes.activity_uuid = activities.uuid),
  reposts_count = (select count(*) from public.reposts where reposts.activity_uuid = activities.uuid)
where uuid between '0199c000-0000-7000-8000-000000000101' and '0199c000-0000-7000-8000-000000000299';

update public.users
set followers_count = (select count(*) from public.follows where follows.followed_uuid = users.uuid),
  following_count = (select count(*) from public.follows where follows.follower_uuid = users.uuid)
where cognito_user_id like 'mock-%';
