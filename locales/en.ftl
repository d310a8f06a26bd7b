# What Cinepost says to people: in the bot, and on pages for everybody. English is the complete file; a further language is a copy
# of it under its code (de.ftl), with the words after each = translated and the names in { } left as they are. Missing texts are said in English.
# How Fluent works: https://projectfluent.org

language-name = English
on = on
off = off

## Coming in

welcome =
    Welcome, { $name }.

    Write the name of a film or a series to find it here, or watch everything in Stremio.
welcome-owner = Forward a film or an episode to your channel, and it stands in Stremio a moment later.
welcome-files = Send or forward any file to me, and you get a link to it.
welcome-install =
    Install in Stremio:
    { $link }

    It is yours alone: whoever has it watches in your name.
only-this-machine = These links open on the machine that Cinepost runs on only; set BASE_URL to reach it from others.
stranger =
    This is Cinepost, a cinema made of a Telegram channel.

    It belongs to somebody else; ask them for an invitation.
stranger-no-owner =
    This is Cinepost, a cinema made of a Telegram channel.

    If it is yours: set OWNER_ID to { $id }, and I will tell you what was added and what needs a hand, and let you in.
join-waits = You will be let in as soon as somebody has approved it; I will tell you then.
barred = This account is not let in here.
must-join = Join these first, then press the button below them.
button-joined = I joined
button-install = Install in Stremio
button-page = Open your page
button-review = Open the review list

## Help

help = Write a name to search the library. What I know besides:
help-start = your links
help-help = this list
help-search = search the library
help-myfiles = your files; with words behind it, those that are called so
help-folders = your folders
help-newfolder = make a folder
help-file = show a file by its number
help-rename = rename a file, in reply to it
help-delete = delete a file, in reply to it
help-link = in reply to a file: its link; with a number, the links of so many from there on
help-web = your page, without a password
help-stats = your figures
help-settings = language, history, news
help-status = how the library stands
help-log = the end of the log as a file, without secrets; with a number, so many lines of it
help-users = everybody who may be here
help-invite = let somebody in
help-ban = keep somebody out
help-unban = let them in again
help-broadcast = write to everybody who takes news: the words behind it, or in reply to the message that is to go out
help-cancel = take back what was begun: my question, a broadcast
unknown-command = I do not know /{ $word }. /help shows what I know.
not-allowed = You may not do that here.
no-database = The database cannot be reached right now; try again in a minute.
telegram-failed = Telegram did not do it right now; try again in a minute.
cannot = That cannot be done: { $why }.
button-old = This button is too old, or was never one of mine.
button-back = ‹ Back

## Their page, what they choose, their figures

web = Your page opens with this button, once, within { $minutes } minutes.
web-guest = Your links:
settings = Which language shall I speak, and what may I do?
button-history = Remember what I watch: { $state }
button-news = News: { $state }
button-erase-history = Erase my history
history-erase = All that is remembered of what you watched will be gone. Are you sure?
history-erased = It is erased.
button-erase = Erase it
stats-person = { $role }, here since { $since }
stats-expires = The access ends on { $when }.
stats-files =
    { $count ->
        [0] No files yet
        [one] One file, { $size }
       *[other] { $count } files, { $size }
    }
stats-library =
    The library: { $films ->
        [one] one film
       *[other] { $films } films
    }, { $series } series, { $files ->
        [one] one file
       *[other] { $files } files
    }.
status-pending =
    { $count ->
        [one] One file is being looked up.
       *[other] { $count } files are being looked up.
    }
status-review =
    { $count ->
        [one] One file to review.
       *[other] { $count } files to review.
    }
status-waiting =
    { $count ->
        [one] One person waits to be let in: /users
       *[other] { $count } people wait to be let in: /users
    }

## Search

search-how = Write what you look for, as in: /search night of the living dead
search-found = For “{ $words }”:
search-nothing = There is nothing called “{ $words }” here.
title-gone = This title is not here any more.
title-no-files = Its files are not here any more.
season = Season { $number }
button-watch = Watch

## Files

files-top = Your files
files-none = Nothing lies here yet. Send or forward me any file.
files-found =
    { $count ->
        [one] One file:
       *[other] { $count } files:
    }
files-not-found = None of your files is called “{ $words }”.
file-number = no. { $number }
file-in-folder = In { $path }
file-ends = The link ends on { $when }.
file-ended = The link has ended. On { $when } the file is deleted, unless the link gets another end.
file-most =
    { $count ->
        [one] For one download.
       *[other] For { $count } downloads.
    }
file-has-password = With a password.
file-served = Downloaded { $downloads }, played { $streams } times.
file-new-name = What shall “{ $name }” be called? Write the new name.
file-new-password = Which password shall “{ $name }” ask for? Write one of at least four letters, and delete your message afterwards.
file-expiry = When shall the link end? { $days } days later the file is deleted, unless the link gets another end by then.
file-limits = How often may it be downloaded from now on?
file-delete = The file and its link will be gone for everybody. Are you sure?
file-deleted = “{ $name }” is deleted.
file-where = Where shall it go?
file-how = Write the number of a file behind it, as in: /file 12
rename-how = Answer the file that you sent with /rename and the new name, or write its number first: /rename 12 New name
delete-how = Answer the file that you sent with /delete, or write its number: /delete 12
link-how = Answer a message that has a file with /link, or with /link 5 for it and those after it (50 at most).
link-no-files = There is no file in what you answered.
file-protected = Whoever posted this file does not allow it to be copied.
file-type-refused = The owner does not take files of this type here: { $type }.
file-scanning = The scanner looks at it first. This may take a minute …
file-scan-refused = The scanner refuses this file.
file-scan-refused-because = The scanner refuses this file: { $why }
file-not-scanned = The scanner could not look at this file, so it is not kept. Try again later; the owner finds the reason in the log.
file-is-clean = The scanner found nothing in it.
file-is-unscanned = The scanner could not look at it.
file-waits = The database cannot be reached right now. I go on trying for a minute; if no link has come by then, send the file once more.
file-message-gone = The message with this file is gone.
no-storage = Files cannot be kept here: the owner has not set STORAGE_CHANNEL.
storage-shut = Files cannot be kept right now: I may not post in the storage channel. The owner has to make me an administrator there.
no-such-file = There is no such file of yours.
no-such-folder = There is no such folder of yours.
name-bad = A name needs at least one letter, and at most 120.
password-bad = A password needs at least four letters, and at most 200.
folder-name = What shall the folder be called? Write its name.
folder-taken = There is a folder called “{ $name }” already.
folder-not-empty = Something lies in this folder. Move or delete it first.
folder-too-deep = Folders go no deeper than this.
folder-in-itself = A folder cannot lie in itself.
library-coming = On its way into the library.
library-no-channel = No channel is watched, so nothing can come into the library.
kind-video = video
kind-animation = animation
kind-audio = music
kind-voice = voice message
kind-photo = photo
kind-document = document
in-hours =
    { $count ->
        [one] 1 hour
       *[other] { $count } hours
    }
in-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
never = Never
as-often = No limit
button-download = Download
button-play = Play
button-players = Players
button-web-player = ▶ Play at { $player }
button-copy = Copy the link
button-rename = Rename
button-move = Move
button-expiry = Expires …
button-limits = Limits …
button-library = Into the library
button-delete = Delete
button-delete-now = Delete for good
button-password = Set a password
button-no-password = Take the password away
button-new-link = New link
button-new-folder = New folder
button-here = Here: { $folder }
button-up = ‹ Up

## People

users =
    { $count ->
        [one] One person.
       *[other] { $count } people.
    }
role-owner = owner
role-admin = admin
role-member = member
role-guest = guest
person-active = Last seen on { $when }
no-such-person = They are not here any more.
invite-how = Write who it is for, as in: /invite member, /invite guest 5 30d (five guests, within thirty days)
invited =
    { $count ->
        [one] Whoever opens this first becomes { $role }, until { $until }:
       *[other] The first { $count } who open this become { $role }, until { $until }:
    }
    { $link }
ban-how = Write who it is, by name or by number, so that it can be one only: /ban Anna
button-approve = Let in
button-decline = Decline
button-role = Make { $role }
button-pause = Pause
button-ban = Ban
button-enable = Let in again
button-renew = End all links, make new ones

## Broadcasts

broadcast-how = Write behind it what everybody is to read, as in: /broadcast Tonight at eight. Or answer a message with /broadcast, and it goes out as it is.
broadcast-nobody = There is nobody here who takes news.
broadcast-ask =
    { $count ->
        [one] This goes to one person. Shall I send it?
       *[other] This goes to { $count } people. Shall I send it?
    }
button-broadcast = Send
button-no-broadcast = Do not send
broadcast-dropped = It was not sent.
broadcast-begins = It is on its way; this message says how it goes.
broadcast-sending = Sending: { $done } of { $count }.
button-stop = Stop
broadcast-stopping = It is being stopped.
broadcast-done = Sent. Reached: { $reached } of { $count }.
broadcast-stopped = Stopped. Reached: { $reached } of { $count }.
broadcast-failed = It cannot go on: { $why }. Reached: { $reached } of { $count }.
broadcast-message-gone = the message that was to go out is not there any more
broadcast-protected = the message that was to go out may not be copied
broadcast-blocked = Have blocked me ({ $count }): { $names }
broadcast-not-started = Never pressed Start, or left Telegram ({ $count }): { $names }
broadcast-unreached = Not reached, the log says why ({ $count }): { $names }
names-and-more = { $names } and { $count } more
question-dropped = I have forgotten the question.
nothing-to-cancel = There is nothing to take back.

## Limits, and who may come in

limit-day = Your { $size } of today are used up. It goes on { $wait }.
limit-day-all = Everybody together has used up the { $size } of today. It goes on { $wait }.
limit-month = Your { $size } of this month are used up. It goes on { $wait }.
limit-month-all = Everybody together has used up the { $size } of this month. It goes on { $wait }.
limit-streams =
    { $count ->
        [one] You may watch one file at once. It goes on when it ends.
       *[other] You may watch { $count } files at once. It goes on when one of them ends.
    }
limit-streams-all =
    { $count ->
        [one] Everybody together may watch one file at once. It goes on when it ends.
       *[other] Everybody together may watch { $count } files at once. It goes on when one of them ends.
    }
limit-file = You may have files up to { $size }. Ask whoever runs this Cinepost for more.
limit-links =
    { $count ->
        [one] You may make one link a day, and did. It goes on { $wait }.
       *[other] You may make { $count } links a day, and did. It goes on { $wait }.
    }
limit-requests = That was too fast. It goes on { $wait }.
limit-guesses = Too many wrong links or codes came from here. Try again { $wait }.
wait-days =
    { $count ->
        [one] in one day
       *[other] in { $count } days
    }
wait-hours = in { $hours } h { $minutes } min
wait-minutes = in { $count } min
wait-seconds = in { $count } s
access-removed = This access was taken away.
access-pending = This access waits until somebody approves it.
access-paused = This access is paused.
access-paused-until = This access is paused until { $until }.
access-banned = This access was taken away.
access-banned-until = This access was taken away until { $until }.
access-expired = This access ended on { $when }.
with-reason = { $words } The reason: { $reason }
invitation-over = This invitation was used up, has expired or was taken back. Ask for a new one.
invitation-not-yours = This invitation is for somebody else; you have an access of your own already.
too-many-waiting = Too many people are waiting to be let in. Try again tomorrow.
person-name-bad = A name is letters, digits and blanks in one line, at most 40 of them.
person-name-taken = Somebody is called { $name } already. Choose another name.
person-account-taken = The Telegram account { $account } is { $name }’s already.
person-unknown = Nobody here is called “{ $name }”. /users shows everybody.
person-owner = The owner cannot be removed, paused, banned, limited or made another.
person-one-owner = There is one owner. The roles that can be given are admin, member and guest.
person-makes-admin = Only the owner makes admins.
person-not-waiting = { $name } does not wait to be let in.
person-not-kept-out = { $name } is neither paused nor banned.
person-contended = Others changed { $name } in the same moment. Try again.
no-code-left = Too many codes are out. Try again in a few minutes.
log-no-file = The log is not kept in a file: set LOG_FILE, such as data/cinepost.log, and start the program again.
log-unreadable = The log cannot be read: { $problem }.
log-file = The end of the log, without secrets.
log-empty = Nothing stands in the log yet.

## The page behind a file's link

share-open-in = Open in a player
share-link = Links
share-direct = For players and download managers
share-this-page = This page
share-copy = Copy
share-scan = Scan with a phone
share-no-video = This browser plays no such file; open it in a player.
share-locked = This file is locked
share-ask = Whoever sent you the link knows the password.
share-wrong = That is not the password.
share-password = Password
share-unlock = Open

## Files that need a hand

review-chosen =
    { $file }
    is { $title } now.
review-ignored =
    { $file }
    is listed nowhere any more.
review-again =
    { $file }
    is looked for anew.
review-no-file = That file is not here any more.
review-no-episode = { $title } is a series, and the file does not say which episode it is. Open the review list to say it.
review-no-provider = The metadata provider does not answer just now. Please try again in a minute.
review-unknown-title = The metadata provider does not know that title any more.
review-on-the-page = This cannot be decided with a button. Open the review list.
button-ignore = Ignore
button-take-back = Take back
