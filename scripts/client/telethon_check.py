"""Talks to a simulated Telegram with Telethon: telethon_check.py BOOK.json

Signs in with the given keys over each transport, reads messages by id, downloads ranges from both data centres and compares
their SHA-256, receives a new post, an edit and a deletion, uploads a file, forwards a message, and gets over clocks that disagree; then
everything that people and a bot do with each other (telethon_people.py).
"""

import asyncio
import hashlib

from telethon import TelegramClient, errors, events
from telethon.crypto import AuthKey
from telethon.network import authenticator, connection
from telethon.sessions import MemorySession
from telethon.tl import functions, types

from simulated import MIB, PATIENCE, admin, book, channel, check, get, guest, post
from telethon_people import check_people

CHANNEL = types.InputPeerChannel(-channel - 1_000_000_000_000, 0)


async def given_key(sender):
    """Instead of a key exchange, which the simulation cannot do with anybody: the key from the book."""
    return AuthKey(bytes.fromhex(guest["keys"][str(sender._connection._dc_id)])), 0


authenticator.do_authentication = given_key


def make_client(transport):
    session = MemorySession()
    home = next(dc for dc in book["dcs"] if dc["id"] == book["home_dc"])
    session.set_dc(home["id"], home["ip"], home["port"])
    session.auth_key = AuthKey(bytes.fromhex(guest["keys"][str(home["id"])]))
    return TelegramClient(session, 1, "0123456789abcdef0123456789abcdef", connection=transport)


async def download(client, message, offset, length):
    parts = []
    async for part in client.iter_download(message.media, offset=offset, request_size=512 * 1024, limit=-(-length // (512 * 1024))):
        parts.append(bytes(part))
    return b"".join(parts)[:length]


async def refused(call):
    try:
        await call
    except errors.RPCError as error:
        return type(error).__name__
    return "no error"


async def main():
    posts = {dc: post(file_name=f"Film.{dc}.1968.mkv", caption="caption", size=5 * MIB + 77, dc=dc) for dc in (2, 4)}
    sums = {
        line["id"]: line["sha256_first_mib"]
        for line in get("/")["channels"][0]["messages"]
    }

    for transport in (
        connection.ConnectionTcpAbridged,
        connection.ConnectionTcpIntermediate,
        connection.ConnectionTcpObfuscated,
    ):
        client = make_client(transport)
        await client.start(bot_token=guest["token"])
        me = await client.get_me()
        check(f"{transport.__name__}: signs in", me.bot and me.id == guest["id"])
        await client.disconnect()

    client = make_client(connection.ConnectionTcpFull)
    await client.start(bot_token=guest["token"])
    check("ConnectionTcpFull: signs in", (await client.get_me()).username == me.username)

    wanted = [posts[2]["message"], posts[4]["message"], 999]
    messages = await client.get_messages(CHANNEL, ids=wanted)
    check("reads messages by id", [m.id if m else None for m in messages] == wanted[:2] + [None])
    for message, posted in zip(messages, posts.values()):
        name = f"DC {message.document.dc_id}"
        check(f"{name}: knows the document", str(message.document.id) == posted["document"])
        first = await download(client, message, 0, MIB)
        check(f"{name}: the first MiB has the right SHA-256", hashlib.sha256(first).hexdigest() == sums[message.id])
        tail = await download(client, message, 5 * MIB, MIB)
        check(f"{name}: the end is where it should be", len(tail) == 77)

    author = 900_078
    plain, signed = (post(caption="/link", **who)["message"] for who in ({}, {"author": author}))
    plain, signed = await client.get_messages(CHANNEL, ids=[plain, signed])
    check("a post has an author where its channel shows one", (plain.from_id, signed.from_id.user_id) == (None, author))
    check("and is a channel's post all the same", plain.post and signed.post and (await signed.get_sender()).id == author)

    history = functions.messages.GetHistoryRequest(CHANNEL, 0, None, 0, 10, 0, 0, 0)
    check("a bot cannot read history", await refused(client(history)) == "BotMethodInvalidError")

    arrived = asyncio.Queue()
    client.add_event_handler(lambda e: arrived.put(("new", e.message.id)), events.NewMessage())
    client.add_event_handler(lambda e: arrived.put(("edited", e.message.message)), events.MessageEdited())
    client.add_event_handler(lambda e: arrived.put(("deleted", e.deleted_ids)), events.MessageDeleted())
    next_event = lambda: asyncio.wait_for(arrived.get(), PATIENCE)
    new = post(file_name="New.1970.mkv", size=1000)["message"]
    check("receives a new post", await next_event() == ("new", new))
    admin(f"/channels/{channel}/edits", {"message": new, "caption": "better"})
    check("receives an edit", await next_event() == ("edited", "better"))
    admin(f"/channels/{channel}/deletes", {"messages": [new]})
    check("receives a deletion", await next_event() == ("deleted", [new]))

    content = bytes(n % 251 for n in range(300_000))
    uploaded = await client.upload_file(content, file_name="clip.mp4")
    sent = await client.send_file(CHANNEL, uploaded, caption="uploaded", force_document=True)
    again = await client.get_messages(CHANNEL, ids=sent.id)
    check("uploads a file", await download(client, again, 0, len(content)) == content)
    forwarded = await client.forward_messages(CHANNEL, wanted[0], CHANNEL)
    check("forwards a message with its document", forwarded.document.id == messages[0].document.id)

    admin("/faults", {"kind": "expire_references", "account": "guest", "times": 1, "method": "users.getUsers"})
    await client.get_me()
    location = types.InputDocumentFileLocation(
        messages[0].document.id, messages[0].document.access_hash, messages[0].document.file_reference, ""
    )
    stale = functions.upload.GetFileRequest(location, 0, 4096)
    check("a file reference expires", await refused(client(stale)) == "FileReferenceExpiredError")

    # Its own clock an hour ahead, an hour behind, and right again.
    for step in (-3600, 7200, -3600):
        ahead = admin("/clock", {"step_secs": step})["ahead_secs"]
        once_more = await asyncio.wait_for(client.get_messages(CHANNEL, ids=wanted[0]), PATIENCE)
        check(f"goes on with a clock {-ahead} s ahead", once_more.id == wanted[0])
    await client.disconnect()

    client = make_client(connection.ConnectionTcpFull)
    await client.start(bot_token=guest["token"])
    await check_people(client, admin, get, check, refused, CHANNEL, PATIENCE)
    await client.disconnect()


asyncio.run(asyncio.wait_for(main(), 100))
