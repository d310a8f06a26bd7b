"""People and a bot, as Telethon sees them; a part of telethon_check.py."""

import asyncio

from telethon import Button, events
from telethon.tl import functions, types

ANNE = 900_101
BEN = 900_102
GROUP = -1_001_500_000_077


class Talk:
    """What reaches the bot, by kind."""

    def __init__(self, client, patience):
        self.patience = patience
        self.queues = {}
        for event in (events.NewMessage, events.MessageEdited, events.MessageDeleted, events.CallbackQuery, events.InlineQuery):
            queue = self.queues[event] = asyncio.Queue()
            client.add_event_handler(queue.put, event(incoming=True) if event is events.NewMessage else event())

    async def next(self, event):
        return await asyncio.wait_for(self.queues[event].get(), self.patience)

    async def message(self):
        return await self.next(events.NewMessage)


async def check_people(client, admin, get, check, refused, channel, patience):
    """Checks everything that people and the bot (the account "guest") do with each other."""
    talk = Talk(client, patience)
    send = lambda **letter: admin("/messages", {"from": ANNE, "to": "guest", **letter})["message"]
    say = lambda text, person=ANNE: admin("/messages", {"from": person, "chat": GROUP, "text": text})["message"]
    seen = lambda kind="message": [sent for sent in get("/sent") if sent.get("kind", "message") == kind][-1]

    admin("/people", {"id": ANNE, "first_name": "Anne", "last_name": "Lee", "username": "anne", "lang_code": "de"})
    send(text="/start")
    start = await talk.message()
    anne = await start.get_sender()
    check("a person writes, and is known", (anne.first_name, anne.username, anne.lang_code) == ("Anne", "anne", "de"))

    await check_files(client, talk, send, check, refused, channel)
    await check_own_messages(client, anne, seen, send, check, refused, talk)
    await check_buttons(client, anne, admin, seen, check, refused, talk)
    await check_inline(client, admin, seen, check, refused, talk)
    await check_group(client, admin, say, seen, check, refused, talk)

    member = functions.channels.GetParticipantRequest(channel, types.InputPeerUser(ANNE, anne.access_hash))
    check("a stranger is no member", await refused(client(member)) == "UserNotParticipantError")
    full = -channel.channel_id - 1_000_000_000_000
    admin(f"/channels/{full}/members", {"person": ANNE, "member": True})
    found = await client(member)
    check("who joined is one", isinstance(found.participant, types.ChannelParticipant) and found.participant.user_id == ANNE)

    commands = [types.BotCommand("start", "Beginnen")]
    scope = types.BotCommandScopeUsers()
    check("commands are set", await client(functions.bots.SetBotCommandsRequest(scope, "de", commands)))
    check("and offered", get("/commands")[-1]["commands"] == [["start", "Beginnen"]])
    admin(f"/people/{ANNE}/blocks", {"account": "guest", "blocked": True})
    check("who blocked the bot cannot be written to", await refused(client.send_message(anne, "hello")) == "UserIsBlockedError")
    admin(f"/people/{ANNE}/blocks", {"account": "guest", "blocked": False})
    admin("/limits", {"sending": True})
    client.flood_sleep_threshold = 0
    burst = [await refused(client.send_message(anne, f"fast {n}")) for n in range(5)]
    check("who writes too fast must wait", "FloodWaitError" in burst and burst[0] == "no error")
    admin("/limits", {"sending": False})


async def check_files(client, talk, send, check, refused, channel):
    kinds = {
        "document": lambda m: m.document and not m.video and not m.audio,
        "video": lambda m: m.video,
        "audio": lambda m: m.audio,
        "voice": lambda m: m.voice,
        "video_note": lambda m: m.video_note,
        "animation": lambda m: m.gif,
        "sticker": lambda m: m.sticker,
        "photo": lambda m: m.photo,
    }
    for kind, is_it in kinds.items():
        send(post={"kind": kind, "size": 200_000, "caption": "look"})
        message = await talk.message()
        check(f"a {kind} arrives", bool(is_it(message)) and message.message.message == "look")
    photo = message
    first = bytes(await client.download_media(photo.photo, bytes))
    check("a photo is downloaded in its largest size", len(first) == 200_000)
    thumb = bytes(await client.download_media(photo.photo, bytes, thumb=0))
    check("and in a small one", len(thumb) == 12_500 and first.startswith(thumb))

    copy = await client(
        functions.messages.ForwardMessagesRequest(photo.input_chat, [photo.id], channel, drop_author=True)
    )
    copied = next(u.message for u in copy.updates if isinstance(u, types.UpdateNewChannelMessage))
    check("a copy in a channel keeps its photo", copied.media.photo.id == photo.photo.id and copied.fwd_from is None)
    send(post={"size": 1000, "protected": True})
    shut = await talk.message()
    check("protected content says so", shut.message.noforwards)
    forward = functions.messages.ForwardMessagesRequest(shut.input_chat, [shut.id], channel)
    check("and cannot be copied", await refused(client(forward)) == "ChatForwardsRestrictedError")
    check("but read", len(bytes(await client.download_media(shut.document, bytes))) == 1000)


async def check_own_messages(client, anne, seen, send, check, refused, talk):
    asked = send(text="a question")
    await talk.message()
    sent = await client.send_message(anne, "**bold** and [a link](https://films.example.org/)", reply_to=asked)
    kinds = [(e["kind"], e["offset"], e["length"]) for e in seen()["entities"]]
    check("formatted text keeps its looks", kinds == [("bold", 0, 4), ("text_url", 9, 6)])
    check("an answer names its question", seen()["reply_to"] == asked)
    await client.edit_message(anne, sent.id, "changed")
    check("it can be changed", seen()["text"] == "changed" and seen()["is_edited"])
    check("but not to the same", await refused(client.edit_message(anne, sent.id, "changed")) == "MessageNotModifiedError")
    check("nor can a person's message", await refused(client.edit_message(anne, asked, "x")) == "MessageAuthorRequiredError")
    long = functions.messages.SendMessageRequest(await client.get_input_entity(anne), "x" * 4097)
    check("a text has 4,096 units", await refused(client(long)) == "MessageTooLongError")
    outside = functions.messages.SendMessageRequest(
        await client.get_input_entity(anne), "short", entities=[types.MessageEntityBold(3, 9)]
    )
    check("looks end with the text", await refused(client(outside)) == "EntityBoundsInvalidError")
    await client.delete_messages(anne, [sent.id])
    check("it can be taken back", await refused(client.edit_message(anne, sent.id, "x")) == "MessageIdInvalidError")


async def check_buttons(client, anne, admin, seen, check, refused, talk):
    rows = [[Button.inline("Yes", b"yes"), Button.url("Open", "https://films.example.org/")], [Button.switch_inline("Find", "q")]]
    sent = await client.send_message(anne, "Sure?", buttons=rows)
    check("buttons stand below", [len(row) for row in seen()["buttons"]] == [2, 1] and seen()["buttons"][0][0]["data"] == "yes")
    press = {"from": ANNE, "to": "guest", "message": sent.id}
    admin("/presses", {**press, "button": "Yes"})
    pressed = await talk.next(events.CallbackQuery)
    check("a press comes back", (pressed.data, pressed.sender_id, pressed.message_id) == (b"yes", ANNE, sent.id))
    await pressed.answer("Done", alert=True)
    check("and is answered", seen("alert")["text"] == "Done")
    again = functions.messages.SetBotCallbackAnswerRequest(pressed.query.query_id, 0, message="x")
    check("once", await refused(client(again)) == "QueryIdInvalidError")
    admin("/presses", {**press, "from": BEN, "message": 4000, "data": "hex:ff00"})
    forged = await talk.next(events.CallbackQuery)
    check("a changed app presses what it likes", (forged.data, forged.sender_id) == (b"\xff\x00", BEN))
    empty = types.ReplyInlineMarkup(
        [types.KeyboardInlineButtonRow([types.KeyboardInlineButton("Yes", types.InlineButtonTypeCallback(b"x" * 65))])]
    )
    too_much = functions.messages.SendMessageRequest(await client.get_input_entity(anne), "x", reply_markup=empty)
    check("data has 64 bytes", await refused(client(too_much)) in ("ButtonDataInvalidError", "DataInvalidError"))


async def check_inline(client, admin, seen, check, refused, talk):
    admin("/inline", {"from": ANNE, "to": "guest", "query": "nosferatu"})
    asked = await talk.next(events.InlineQuery)
    check("an inline query arrives", (asked.text, asked.sender_id) == ("nosferatu", ANNE))
    result = await asked.builder.article("Nosferatu", description="1922", text="**Nosferatu**")
    twice = functions.messages.SetInlineBotResultsRequest(asked.query.query_id, [result, result], 0)
    check("no result comes twice", await refused(client(twice)) == "ResultIdDuplicateError")
    await asked.answer([result])
    check("and is answered", seen("results")["results"][0]["text"] == "Nosferatu")


async def check_group(client, admin, say, seen, check, refused, talk):
    admin("/groups", {"chat": GROUP, "title": "Friends"})
    admin(f"/channels/{GROUP}/members", {"person": ANNE, "member": True})
    admin(f"/channels/{GROUP}/members", {"account": "guest", "member": True})
    say("nobody hears this")
    asked = say("/link@cinepost_guest_bot 3")
    heard = await talk.message()
    check("a group's commands are heard, its talk is not", (heard.id, heard.chat_id, heard.sender_id) == (asked, GROUP, ANNE))
    peer = await heard.get_input_chat()
    hidden = await client.get_messages(peer, ids=asked - 1)
    check("nor can it be read", hidden is None)
    answer = await heard.reply("Here")
    check("the bot answers there", (seen()["chat"], seen()["reply_to"]) == (GROUP, asked))
    say("thank you, bot")
    admin("/messages", {"from": ANNE, "chat": GROUP, "post": {"caption": "and more", "reply_to": answer.id}})
    check("an answer to it is heard", (await talk.message()).message.message == "and more")
    receiver = types.InputUser(ANNE, (await heard.get_sender()).access_hash)
    aside = functions.ephemeral.SendMessageRequest(receiver_id=receiver, message="Only you", peer=peer)
    sent = (await client(aside)).updates[0].message
    check("a message for one person", (seen("ephemeral")["to"], sent.receiver_id) == (ANNE, ANNE))
    stranger = functions.channels.GetParticipantRequest(peer, types.InputPeerUser(ANNE, receiver.access_hash))
    check("a plain member is not told of others", await refused(client(stranger)) == "ChatAdminRequiredError")
    admin(f"/channels/{GROUP}/members", {"account": "guest", "admin": True})
    say("an administrator hears all")
    check("an administrator hears all", (await talk.message()).message.message == "an administrator hears all")
