"""Talks to a simulated Telegram with Pyrofork, a second client that others wrote: pyrofork_check.py BOOK.json

Signs in, finds a channel, reads messages by id, downloads from both data centres and compares SHA-256, hears of a new post and of a person's
message, answers, and forwards.

Pyrofork speaks layer 220, as it was when it was released; Telegram answers each client in its own layer, the simulation in the newest alone. What
changed since then is only flags that nobody sets here, at the ends of a few objects and calls: those are given their newest
numbers, which Telethon knows.
"""

import asyncio
import hashlib

import pyrogram
from pyrogram import filters, raw
from pyrogram.handlers import MessageHandler
from pyrogram.session.auth import Auth
from telethon.tl import functions, types

from simulated import MIB, PATIENCE, admin, book, channel, check, get, guest, post

PERSON = 900_077

for name in ("User", "Channel", "ChannelFull", "UserFull", "Message", "MessageReplyHeader"):
    raw.all.objects[getattr(types, name).CONSTRUCTOR_ID] = raw.all.objects[getattr(raw.types, name).ID]
raw.functions.messages.SendMessage.ID = functions.messages.SendMessageRequest.CONSTRUCTOR_ID
raw.types.InputReplyToMessage.ID = types.InputReplyToMessage.CONSTRUCTOR_ID


async def given_key(auth):
    """Instead of a key exchange, which the simulation cannot do with anybody: the key from the book."""
    return bytes.fromhex(guest["keys"][str(auth.dc_id)])


def given_address(dc_id, test_mode, ipv6, alt_port, media):
    dc = next(dc for dc in book["dcs"] if dc["id"] == dc_id)
    return dc["ip"], dc["port"]


Auth.create = given_key
pyrogram.connection.connection.DataCenter = given_address


async def heard(queue):
    return await asyncio.wait_for(queue.get(), PATIENCE)


async def main():
    posts = {dc: post(file_name=f"Pyro.{dc}.1968.mkv", caption="caption", size=2 * MIB + 77, dc=dc) for dc in (2, 4)}
    sums = {line["id"]: line["sha256_first_mib"] for line in get("/")["channels"][0]["messages"]}

    app = pyrogram.Client("guest", api_id=1, api_hash="0" * 32, bot_token=guest["token"], in_memory=True)
    in_channels, in_private = asyncio.Queue(), asyncio.Queue()

    async def on_message(_, message):
        await (in_private if message.from_user else in_channels).put(message)

    app.add_handler(MessageHandler(on_message, filters.all))
    await app.start()
    check("signs in", app.me.is_bot and app.me.id == guest["id"])

    chat = await app.get_chat(channel)
    check("finds the channel", chat.id == channel and chat.title == book["channels"][0]["title"])
    wanted = [posts[2]["message"], posts[4]["message"]]
    messages = await app.get_messages(channel, wanted)
    check("reads messages by id", [message.id for message in messages] == wanted)
    for message in messages:
        check(f"{message.document.file_name}: knows the file", message.document.file_size == 2 * MIB + 77)
        pieces = [piece async for piece in app.stream_media(message)]
        check("the first MiB has the right SHA-256", hashlib.sha256(pieces[0]).hexdigest() == sums[message.id])
        check("the end is where it should be", [len(piece) for piece in pieces] == [MIB, MIB, 77])

    fresh = post(caption="a new post")
    check("hears of a new post", (await heard(in_channels)).id == fresh["message"])
    written = admin("/messages", {"from": PERSON, "to": "guest", "text": "hello"})
    message = await heard(in_private)
    check("hears what a person writes", (message.id, message.text, message.from_user.id) == (written["message"], "hello", PERSON))
    answer = await message.reply("and to you", quote=True)
    sent = next(sent for sent in get("/sent") if sent["to"] == PERSON)
    check("answers", (sent["message"], sent["text"], sent["reply_to"]) == (answer.id, "and to you", message.id))
    copy = await app.forward_messages(PERSON, channel, wanted[0])
    check("forwards", copy.document and copy.document.file_unique_id == messages[0].document.file_unique_id)
    await app.stop()


asyncio.run(main())
