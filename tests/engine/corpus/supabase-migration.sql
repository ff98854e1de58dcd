-- Create a table for public profiles
create schema if not exists auth;
create table auth.users (id uuid primary key default gen_random_uuid(), email text, raw_user_meta_data jsonb);
create or replace function auth.uid() returns uuid language sql stable as $$
  select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid
$$;

do $$
begin
  if not exists (select from pg_roles where rolname = 'corpus_anon') then
    create role corpus_anon nologin noinherit;
  end if;
exception when duplicate_object then raise notice '%, skipping; fine', sqlerrm using errcode = sqlstate;
end
$$;

create table profiles (
  id uuid references auth.users on delete cascade not null primary key,
  updated_at timestamp with time zone,
  username text unique,
  website text,
  constraint username_length check (char_length(username) >= 3)
);
alter table profiles
  enable row level security;

create policy "Public profiles are viewable by everyone." on profiles
  for select using (true);
create policy "Users can insert their own profile." on profiles
  for insert with check ((select auth.uid()) = id);
create policy "Users can update own profile; only." on profiles
  for update using ((select auth.uid()) = id);

-- This trigger automatically creates a profile entry when a new user signs up.
create function public.handle_new_user()
returns trigger
set search_path = ''
as $$
begin
  insert into public.profiles (id, username, website)
  values (new.id, new.raw_user_meta_data->>'username', new.raw_user_meta_data->>'url');
  return new;
end;
$$ language plpgsql security definer;
create trigger on_auth_user_created
  after insert on auth.users
  for each row execute procedure public.handle_new_user();

grant usage on schema auth to corpus_anon;
grant select on table "public"."profiles" to "corpus_anon";
alter default privileges in schema public grant select on tables to corpus_anon;

set check_function_bodies = off;

CREATE OR REPLACE FUNCTION public.later_table()
 RETURNS SETOF text
 LANGUAGE sql
AS $function$ select body from public.not_yet; $function$
;

insert into auth.users (id, email, raw_user_meta_data) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com', '{"username": "ann", "url": "https://example.com/?a;b"}'),
  ('00000000-0000-0000-0000-000000000002', E'b\'@example.com', '{"username": "b''b;"}');

select count(*) from profiles
