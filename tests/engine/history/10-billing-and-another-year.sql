-- A shop, version 10.

create schema billing;
comment on schema billing is 'what is paid';

create type order_state as enum ('new', 'paid', 'packed', 'sent', 'returned');
create domain email as text check (value ~ '@');

create function touch() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end $$;
create function slug(words text) returns text language sql immutable as $$ select lower(regexp_replace(words, '\W+', '-', 'g')) $$;

create table users (
  id bigint generated always as identity primary key,
  email email not null,
  name text,
  nickname text,
  updated_at timestamptz not null default now()
);
create unique index users_email on users (email);

create table products (
  id bigint generated always as identity primary key,
  title text not null,
  slug text generated always as (slug(title)) stored,
  updated_at timestamptz not null default now(),
  price numeric(12,2) not null check (price >= 0),
  tags text[] not null default '{}'
);
create index products_tags on products using gin (tags);
create unique index products_slug on products (slug);

create table orders (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id),
  state order_state not null default 'new',
  placed_at timestamptz not null default now()
);
create index orders_user on orders (user_id);

create table items (
  order_id bigint not null references orders (id) on delete cascade,
  product_id bigint not null references products (id),
  amount integer not null default 1 check (amount > 0),
  primary key (order_id, product_id)
);

create table billing.payments (
  id uuid primary key default gen_random_uuid(),
  order_id bigint not null references orders (id),
  amount numeric(12,2) not null,
  method text not null check (method in ('card', 'transfer')),
  paid_at timestamptz
);
create index payments_open on billing.payments (order_id) where paid_at is null;

create table audit (
  id bigint generated always as identity,
  happened_at timestamptz not null,
  what jsonb not null default '{}',
  who text,
  primary key (id, happened_at)
) partition by range (happened_at);
create table audit_2023 partition of audit for values from ('2023-01-01') to ('2024-01-01');
create table audit_2024 partition of audit for values from ('2024-01-01') to ('2025-01-01');
create table audit_2025 partition of audit for values from ('2025-01-01') to ('2026-01-01');
create index audit_what on audit using gin (what);
create index audit_who on audit (who);

create view open_orders as
  select o.id, o.user_id, u.email, o.state, u.nickname from orders o join users u on u.id = o.user_id where o.state <> 'sent';
create view totals as
  select i.order_id, sum(i.amount * p.price) as total from items i join products p on p.id = i.product_id group by i.order_id;
create view open_totals as select o.id, o.email, t.total from open_orders o join totals t on t.order_id = o.id;

create trigger touched before update on users for each row execute function touch();
create trigger touched before update on products for each row when (old.title is distinct from new.title) execute function touch();

alter table orders enable row level security;
create policy own_orders on orders using (user_id = current_setting('app.user', true)::bigint);
