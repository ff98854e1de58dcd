# The original's design as a service: Flask, psycopg2, a pool, JSON built around the query, a commit a request; with its SQL
# repaired (columns, expiry, limits), since its own cannot answer from a million rows.
import os

from flask import Flask, Response, request
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
pool = ThreadedConnectionPool(1, 4, os.environ["CONNECTION_URL"])

fields = """activities.uuid, users.display_name, users.handle, activities.message, activities.replies_count,
  activities.reposts_count, activities.likes_count, activities.reply_to_activity_uuid, activities.expires_at,
  activities.created_at"""

home = f"""select {fields} from public.activities join public.users on users.uuid = activities.user_uuid
  where activities.reply_to_activity_uuid is null and activities.expires_at > now()
  order by activities.created_at desc, activities.uuid desc limit 20"""

user = f"""select {fields} from public.activities join public.users on users.uuid = activities.user_uuid
  where lower(users.handle) = lower(%(handle)s) and activities.reply_to_activity_uuid is null and activities.expires_at > now()
  order by activities.created_at desc, activities.uuid desc limit 20"""

thread = f"""select {fields} from public.activities join public.users on users.uuid = activities.user_uuid
  where activities.uuid = %(uuid)s and activities.expires_at > now()"""

replies = f"""select {fields} from public.activities join public.users on users.uuid = activities.user_uuid
  where activities.reply_to_activity_uuid = %(uuid)s and activities.expires_at > now()
  order by activities.created_at, activities.uuid limit 20"""

create = """insert into public.activities (user_uuid, message, expires_at)
  values ((select uuid from public.users where lower(handle) = lower(%(handle)s) limit 1), %(message)s, %(expires_at)s::timestamptz)
  returning uuid"""


def query(sql, values=None, wrap="select coalesce(array_to_json(array_agg(row_to_json(t))), '[]'::json)::text from ({}) t"):
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(wrap.format(sql), values)
            return cursor.fetchone()[0]
    finally:
        pool.putconn(connection)


def answer(body):
    return Response(body, content_type="application/json")


@app.get("/api/activities/home")
def read_home():
    return answer(query(home))


@app.get("/api/activities/@<handle>")
def read_user(handle):
    return answer(query(user, {"handle": handle}))


@app.get("/api/activities/<uuid>")
def read_thread(uuid):
    return answer('{"activity":%s,"replies":%s}' % (query(thread, {"uuid": uuid}), query(replies, {"uuid": uuid})))


@app.post("/api/activities")
def create_activity():
    values = {"handle": request.json["handle"], "message": request.json["message"], "expires_at": request.json["expires_at"]}
    uuid = query(create, values, "{}")
    # As the original: what was inserted is read again, in a transaction of its own.
    return answer(query(thread, {"uuid": uuid}, "select row_to_json(t)::text from ({}) t"))
