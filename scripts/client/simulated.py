"""The simulation as both foreign clients see it: its book, its admin port, and how a check is told."""

import json
import sys
import urllib.request

MIB = 1024 * 1024
PATIENCE = 20

book = json.load(open(sys.argv[1], encoding="utf-8"))
guest = next(account for account in book["accounts"] if account["name"] == "guest")
channel = book["channels"][0]["id"]


def admin(path, body):
    """Calls the simulation's admin port."""
    request = urllib.request.Request(
        f"http://{book['admin']}{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def get(path):
    with urllib.request.urlopen(f"http://{book['admin']}{path}", timeout=PATIENCE) as answer:
        return json.load(answer)


def post(**fields):
    """A post in the channel."""
    return admin(f"/channels/{channel}/posts", fields)[0]


def check(what, is_so):
    print(f"{'ok  ' if is_so else 'FAIL'} {what}")
    if not is_so:
        sys.exit(1)
