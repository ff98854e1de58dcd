-- A shop, version 6.

create type order_state as enum ('new', 'paid', 'packed', 'sent', 'returned');

create table users (
  id bigint generated always as identity primary key,
  email text not null,
  name text
);
create unique index users_email on users (email);

create table products (
  id bigint generated always as identity primary key,
  title text not null,
  price numeric(12,2) not null check (price >= 0),
  tags text[] not null default '{}'
);
create index products_tags on products using gin (tags);

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

create view open_orders as
  select o.id, o.user_id, u.email, o.state from orders o join users u on u.id = o.user_id where o.state <> 'sent';
create view totals as
  select i.order_id, sum(i.amount * p.price) as total from items i join products p on p.id = i.product_id group by i.order_id;
create view open_totals as select o.id, o.email, t.total from open_orders o join totals t on t.order_id = o.id;
