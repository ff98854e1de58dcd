-- A shop, version 1.

create table users (
  id serial primary key,
  email varchar(120) not null,
  name text
);
create unique index users_email on users (email);

create table products (
  id serial primary key,
  title text not null,
  price integer not null
);
