//! The simulated Telegram as a client sees it that nobody here wrote: grammers' own connections.

use std::sync::Arc;
use std::time::{Duration, Instant};

use grammers_mtproto::mtp::Encrypted;
use grammers_mtproto::transport::Full;
use grammers_mtsender::{InvocationError, Sender, SenderPool, SenderPoolHandle, ServerAddr};
use grammers_session::storages::MemorySession;
use grammers_session::types::DcOption;
use grammers_session::updates::UpdatesLike;
use grammers_session::{Session, SessionData};
use grammers_tl_types as tl;
use simulation::book::Book;
use simulation::faults::{Effect, Fault, Per};
use simulation::{CHANNEL, NewPost, Options, Sim, content};
use tl::{Deserializable, RemoteCall};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const MIB: u64 = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(20);

/// The channel's id as MTProto writes it.
const BARE: i64 = -1_000_000_000_000 - CHANNEL;

fn channel() -> tl::enums::InputChannel {
    tl::types::InputChannel { channel_id: BARE, access_hash: 0 }.into()
}

fn peer() -> tl::enums::InputPeer {
    tl::types::InputPeerChannel { channel_id: BARE, access_hash: 0 }.into()
}

fn bytes_from_hex(hex: &str) -> [u8; 256] {
    std::array::from_fn(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).expect("hexadecimal"))
}

/// One account's client.
struct Client {
    handle: SenderPoolHandle,
    updates: mpsc::Receiver<UpdatesLike>,
    runner: JoinHandle<()>,
    token: String,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.runner.abort();
    }
}

impl Client {
    async fn new(book: &Book, account: &str) -> Self {
        let account = book.account(account).expect("in the book");
        let session = MemorySession::from(SessionData { home_dc: book.home_dc, ..SessionData::default() });
        for dc in &book.dcs {
            let option = DcOption {
                id: dc.id,
                ipv4: std::net::SocketAddrV4::new(dc.ip, dc.port),
                ipv6: std::net::SocketAddrV6::new(dc.ip.to_ipv6_mapped(), dc.port, 0, 0),
                auth_key: Some(bytes_from_hex(&account.keys[&dc.id])),
            };
            session.set_dc_option(&option).await.expect("in memory");
        }
        let SenderPool { runner, handle, updates } = SenderPool::new(Arc::new(session), 1);
        let runner = tokio::spawn(runner.run());
        Self { handle: handle.thin, updates, runner, token: account.token.clone() }
    }

    async fn signed_in(book: &Book, account: &str) -> Self {
        let client = Self::new(book, account).await;
        client.sign_in().await.expect("signs in");
        client
    }

    async fn call<R: RemoteCall>(&self, dc: i32, request: &R) -> Result<R::Return, InvocationError> {
        let call = self.handle.raw_invoke_in_dc(dc, request.to_bytes());
        let answer = timeout(PATIENCE, call).await.expect("an answer in time")?;
        Ok(R::Return::from_bytes(&answer).expect("readable"))
    }

    async fn refusal<R: RemoteCall>(&self, dc: i32, request: &R) -> String {
        match self.call(dc, request).await {
            Ok(_) => "no refusal".to_owned(),
            Err(InvocationError::Rpc(e)) => match e.value {
                Some(value) => format!("{} {} {value}", e.code, e.name),
                None => format!("{} {}", e.code, e.name),
            },
            Err(e) => e.to_string(),
        }
    }

    async fn sign_in(&self) -> Result<tl::enums::User, InvocationError> {
        let request = tl::functions::auth::ImportBotAuthorization {
            flags: 0,
            api_id: 1,
            api_hash: "hash".to_owned(),
            bot_auth_token: self.token.clone(),
        };
        match self.call(2, &request).await? {
            tl::enums::auth::Authorization::Authorization(done) => Ok(done.user),
            other => panic!("{other:?}"),
        }
    }

    async fn authorize(&self, dc: i32) {
        let exported = self.call(2, &tl::functions::auth::ExportAuthorization { dc_id: dc }).await.expect("exported");
        let tl::enums::auth::ExportedAuthorization::Authorization(e) = exported;
        let import = tl::functions::auth::ImportAuthorization { id: e.id, bytes: e.bytes };
        self.call(dc, &import).await.expect("imported");
    }

    async fn messages(&self, ids: &[i32]) -> Result<Vec<tl::enums::Message>, InvocationError> {
        let id = ids.iter().map(|&id| tl::types::InputMessageId { id }.into()).collect();
        match self.call(2, &tl::functions::channels::GetMessages { channel: channel(), id }).await? {
            tl::enums::messages::Messages::ChannelMessages(all) => Ok(all.messages),
            other => panic!("{other:?}"),
        }
    }

    async fn document(&self, message: i32) -> tl::types::Document {
        document(&self.messages(&[message]).await.expect("messages")[0])
    }

    async fn file(
        &self,
        dc: i32,
        document: &tl::types::Document,
        offset: u64,
        limit: i32,
    ) -> Result<Vec<u8>, InvocationError> {
        match self.call(dc, &get_file(document, offset, limit)).await? {
            tl::enums::upload::File::File(file) => Ok(file.bytes),
            other => panic!("{other:?}"),
        }
    }

    async fn difference(&self, pts: i32, limit: i32) -> tl::enums::updates::ChannelDifference {
        let filter = tl::enums::ChannelMessagesFilter::Empty;
        let request =
            tl::functions::updates::GetChannelDifference { force: false, channel: channel(), filter, pts, limit };
        self.call(2, &request).await.expect("a difference")
    }

    /// The next update that is about a channel.
    async fn update(&mut self) -> tl::enums::Update {
        loop {
            let like = timeout(PATIENCE, self.updates.recv()).await.expect("an update in time").expect("a runner");
            if let UpdatesLike::Updates(tl::enums::Updates::Updates(mut all)) = like
                && let Some(update) = all.updates.pop()
            {
                return update;
            }
        }
    }

    async fn no_update(&mut self) -> bool {
        timeout(Duration::from_millis(300), self.update()).await.is_err()
    }
}

fn get_file(document: &tl::types::Document, offset: u64, limit: i32) -> tl::functions::upload::GetFile {
    let location = tl::types::InputDocumentFileLocation {
        id: document.id,
        access_hash: document.access_hash,
        file_reference: document.file_reference.clone(),
        thumb_size: String::new(),
    };
    tl::functions::upload::GetFile {
        precise: false,
        cdn_supported: false,
        location: location.into(),
        offset: offset as i64,
        limit,
    }
}

fn document(message: &tl::enums::Message) -> tl::types::Document {
    let tl::enums::Message::Message(message) = message else { panic!("{message:?}") };
    match &message.media {
        Some(tl::enums::MessageMedia::Document(tl::types::MessageMediaDocument {
            document: Some(tl::enums::Document::Document(document)),
            ..
        })) => document.clone(),
        other => panic!("{other:?}"),
    }
}

fn texts(messages: &[tl::enums::Message]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| match message {
            tl::enums::Message::Message(message) => message.message.as_str(),
            _ => "(empty)",
        })
        .collect()
}

async fn start() -> Sim {
    simulation::start(Options::default().with_helpers(1)).await.expect("starts")
}

#[tokio::test]
async fn a_bot_signs_in_reads_messages_and_bytes() {
    let sim = start().await;
    let posted = sim.post(CHANNEL, NewPost::generated("Film.1968.mkv", 3 * MIB + 1000)).expect("posted");
    sim.post(CHANNEL, NewPost::text("no file")).expect("posted");
    sim.post(CHANNEL, NewPost::text("gone")).expect("posted");
    sim.delete(CHANNEL, &[3]).expect("deleted");
    let client = Client::new(&sim.book(), "main").await;
    assert_eq!(client.refusal(2, &tl::functions::updates::GetState {}).await, "401 AUTH_KEY_UNREGISTERED");
    let me = client.sign_in().await.expect("signs in");
    assert_eq!(me.id(), 1001);

    let messages = client.messages(&[1, 2, 3, 4]).await.expect("a member reads");
    assert_eq!(texts(&messages), ["", "no file", "(empty)", "(empty)"]);
    let document = document(&messages[0]);
    assert_eq!(Some(document.id.to_string()), posted.document);
    assert_eq!((document.size as u64, document.dc_id), (3 * MIB + 1000, 4));

    assert_eq!(client.refusal(4, &get_file(&document, 0, 4096)).await, "401 AUTH_KEY_UNREGISTERED");
    client.authorize(4).await;
    for (offset, limit, wanted) in [(0, 512 * 1024, 512 * 1024), (3 * MIB, 4096, 1000), (4 * MIB, 4096, 0)] {
        let bytes = client.file(4, &document, offset, limit).await.expect("bytes");
        let mut right = vec![0; wanted];
        content::fill(document.id, offset, &mut right);
        assert!(bytes == right, "{} bytes from {offset}", bytes.len());
    }
    assert_eq!(client.refusal(2, &get_file(&document, 0, 4096)).await, "303 FILE_MIGRATE 4");
    assert_eq!(sim.stats().calls_by("main", "upload.getFile"), 5);
}

#[tokio::test]
async fn telegram_is_strict() {
    let sim = start().await;
    sim.post(CHANNEL, NewPost { dc: Some(2), ..NewPost::generated("Film.mkv", 9 * MIB) }).expect("posted");
    let (main, helper) =
        (Client::signed_in(&sim.book(), "main").await, Client::signed_in(&sim.book(), "helper1").await);
    let (of_main, of_helper) = (main.document(1).await, helper.document(1).await);
    assert_eq!(of_main.id, of_helper.id);
    assert_eq!(helper.refusal(2, &get_file(&of_main, 0, 4096)).await, "400 FILE_ID_INVALID");
    let mixed = tl::types::Document { file_reference: of_main.file_reference.clone(), ..of_helper.clone() };
    assert_eq!(helper.refusal(2, &get_file(&mixed, 0, 4096)).await, "400 FILE_REFERENCE_INVALID");
    assert_eq!(main.refusal(2, &get_file(&of_main, 100, 4096)).await, "400 OFFSET_INVALID");
    assert_eq!(main.refusal(2, &get_file(&of_main, 0, 12 * 1024)).await, "400 LIMIT_INVALID");

    let history = tl::functions::messages::GetHistory {
        peer: peer(),
        offset_id: 0,
        offset_date: 0,
        add_offset: 0,
        limit: 10,
        max_id: 0,
        min_id: 0,
        hash: 0,
    };
    assert_eq!(main.refusal(2, &history).await, "400 BOT_METHOD_INVALID");
    let unknown = tl::functions::help::GetSupport {};
    assert_eq!(main.refusal(2, &unknown).await, "400 INPUT_METHOD_INVALID_0 2631862477");

    sim.set_member(CHANNEL, "helper1", false).expect("taken out");
    let get = tl::functions::channels::GetMessages {
        channel: channel(),
        id: vec![tl::types::InputMessageId { id: 1 }.into()],
    };
    assert_eq!(helper.refusal(2, &get).await, "400 CHANNEL_PRIVATE");
    sim.fault(Fault { times: Some(1), account: Some("main".to_owned()), ..Fault::new(Effect::ExpireReferences) });
    assert_eq!(main.refusal(2, &get_file(&of_main, 0, 4096)).await, "400 FILE_REFERENCE_EXPIRED");
    let fresh = main.document(1).await;
    assert_eq!(main.file(2, &fresh, 0, 4096).await.expect("bytes").len(), 4096);
}

#[tokio::test]
async fn wrong_tokens_keys_and_api_ids_are_refused() {
    let api = Some((7, "secret".to_owned()));
    let sim = simulation::start(Options { api, ..Options::default() }).await.expect("starts");
    let client = Client::new(&sim.book(), "main").await;
    // The API id of these clients is 1.
    assert_eq!(client.refusal(2, &tl::functions::updates::GetState {}).await, "400 API_ID_INVALID");

    let sim = start().await;
    let mut book = sim.book();
    for (token, wanted) in [("1001:wrong", "400 ACCESS_TOKEN_INVALID"), ("9:x", "400 ACCESS_TOKEN_INVALID")] {
        book.accounts[0].token = token.to_owned();
        let refusal = Client::new(&book, "main").await.sign_in().await.expect_err("refused");
        let InvocationError::Rpc(e) = refusal else { panic!("{refusal}") };
        assert_eq!(format!("{} {}", e.code, e.name), wanted);
    }
    sim.set_revoked("main", true).expect("revoked");
    let refusal = Client::new(&sim.book(), "main").await.sign_in().await.expect_err("refused");
    assert!(refusal.to_string().contains("ACCESS_TOKEN_EXPIRED"), "{refusal}");

    book.accounts[0].keys.insert(2, "ab".repeat(256));
    let refusal = Client::new(&book, "main").await.sign_in().await.expect_err("unknown key");
    assert!(refusal.to_string().contains("404"), "{refusal}");
}

#[tokio::test]
async fn changes_are_pushed_and_told_again() {
    let sim = start().await;
    let mut client = Client::signed_in(&sim.book(), "main").await;
    sim.post(CHANNEL, NewPost { caption: "first".to_owned(), ..NewPost::generated("a.mkv", 5) }).expect("posted");
    let tl::enums::Update::NewChannelMessage(new) = client.update().await else { panic!("no new message") };
    assert_eq!((new.pts, new.pts_count, document(&new.message).size), (2, 1, 5));
    sim.edit(CHANNEL, 1, "second").expect("edited");
    let tl::enums::Update::EditChannelMessage(edit) = client.update().await else { panic!("no edit") };
    assert_eq!((edit.pts, texts(&[edit.message])), (3, vec!["second"]));
    for _ in 0..3 {
        sim.post(CHANNEL, NewPost::text("more")).expect("posted");
        client.update().await;
    }
    sim.delete(CHANNEL, &[2, 3]).expect("deleted");
    let tl::enums::Update::DeleteChannelMessages(gone) = client.update().await else { panic!("no deletion") };
    assert_eq!((gone.pts, gone.pts_count, gone.messages), (8, 2, vec![2, 3]));

    use tl::enums::updates::ChannelDifference as D;
    let D::Difference(all) = client.difference(1, 100).await else { panic!("no difference") };
    assert_eq!((all.pts, all.r#final, texts(&all.new_messages)), (8, true, vec!["second", "more"]));
    assert_eq!(all.other_updates.len(), 1);
    let D::Difference(some) = client.difference(1, 3).await else { panic!("no difference") };
    assert_eq!((some.pts, some.r#final), (4, false));
    assert!(matches!(client.difference(8, 100).await, D::Empty(e) if e.pts == 8 && e.r#final));
}

#[tokio::test]
async fn who_missed_too_much_is_told_so() {
    let sim = simulation::start(Options { events_kept: 3, ..Options::default() }).await.expect("starts");
    for n in 0..5 {
        sim.post(CHANNEL, NewPost::text(&format!("{n}"))).expect("posted");
    }
    let client = Client::signed_in(&sim.book(), "main").await;
    use tl::enums::updates::ChannelDifference as D;
    let D::TooLong(answer) = client.difference(1, 100).await else { panic!("told everything") };
    let tl::enums::Dialog::Dialog(dialog) = answer.dialog else { panic!("a folder") };
    assert_eq!((dialog.pts, dialog.top_message), (Some(6), 5));
    assert_eq!(texts(&answer.messages), ["4", "3", "2", "1", "0"]);
}

#[tokio::test]
async fn bots_send_forward_edit_and_delete() {
    let sim = start().await;
    let mut main = Client::signed_in(&sim.book(), "main").await;
    let mut helper = Client::signed_in(&sim.book(), "helper1").await;
    let posted = sim.post(CHANNEL, NewPost::generated("a.mkv", 100)).expect("posted");
    main.update().await;
    helper.update().await;
    let forward = tl::functions::messages::ForwardMessages {
        silent: false,
        background: false,
        with_my_score: false,
        drop_author: false,
        drop_media_captions: false,
        noforwards: false,
        allow_paid_floodskip: false,
        from_ephemeral: false,
        from_peer: peer(),
        id: vec![1],
        random_id: vec![77],
        to_peer: peer(),
        top_msg_id: None,
        reply_to: None,
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        video_timestamp: None,
        allow_paid_stars: None,
        suggested_post: None,
    };
    let tl::enums::Updates::Updates(answer) = main.call(2, &forward).await.expect("forwarded") else { panic!() };
    assert!(matches!(&answer.updates[0], tl::enums::Update::MessageId(m) if m.random_id == 77 && m.id == 2));
    let tl::enums::Update::NewChannelMessage(seen) = helper.update().await else { panic!("no new message") };
    assert_eq!(Some(document(&seen.message).id.to_string()), posted.document, "the document stays the same");
    let tl::enums::Message::Message(seen) = seen.message else { panic!() };
    assert!(seen.fwd_from.is_some());

    let delete = tl::functions::channels::DeleteMessages { channel: channel(), id: vec![1, 2] };
    let tl::enums::messages::AffectedMessages::Messages(gone) = main.call(2, &delete).await.expect("deleted");
    assert_eq!((gone.pts, gone.pts_count), (5, 2));
    assert!(matches!(helper.update().await, tl::enums::Update::DeleteChannelMessages(d) if d.messages == [1, 2]));
}

#[tokio::test]
async fn people_write_and_bots_answer() {
    let sim = start().await;
    let mut client = Client::signed_in(&sim.book(), "main").await;
    let write = |user_id| tl::functions::messages::SendMessage {
        no_webpage: true,
        silent: false,
        background: false,
        clear_draft: false,
        noforwards: false,
        update_stickersets_order: false,
        invert_media: false,
        allow_paid_floodskip: false,
        peer: tl::types::InputPeerUser { user_id, access_hash: 0 }.into(),
        reply_to: None,
        message: "welcome".to_owned(),
        random_id: 5,
        reply_markup: None,
        entities: None,
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        allow_paid_stars: None,
        suggested_post: None,
        rich_message: None,
    };
    assert_eq!(client.refusal(2, &write(900_001)).await, "400 PEER_ID_INVALID", "a bot cannot write first");
    let tl::enums::updates::State::State(before) =
        client.call(2, &tl::functions::updates::GetState {}).await.expect("a state");
    sim.message(900_001, "main", "/start").expect("written");
    let tl::enums::Update::NewMessage(new) = client.update().await else { panic!("no message") };
    assert_eq!((new.pts, texts(&[new.message])), (before.pts + 1, vec!["/start"]));
    client.call(2, &write(900_001)).await.expect("answered");
    let sent = sim.sent();
    assert_eq!((sent.len(), sent[0].to, sent[0].text.as_str()), (1, 900_001, "welcome"));

    let missed = tl::functions::updates::GetDifference {
        pts: before.pts,
        pts_limit: None,
        pts_total_limit: None,
        date: before.date + 1000,
        qts: 0,
        qts_limit: None,
    };
    match client.call(2, &missed).await.expect("a difference") {
        tl::enums::updates::Difference::Difference(d) => assert_eq!(texts(&d.new_messages), ["/start", "welcome"]),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn uploads_become_documents() {
    let sim = start().await;
    let client = Client::signed_in(&sim.book(), "main").await;
    let bytes: Vec<u8> = (0..700_000u32).map(|n| (n % 251) as u8).collect();
    for (part, chunk) in bytes.chunks(512 * 1024).enumerate() {
        let save = tl::functions::upload::SaveBigFilePart {
            file_id: 9,
            file_part: part as i32,
            file_total_parts: 2,
            bytes: chunk.to_vec(),
        };
        assert!(client.call(2, &save).await.expect("saved"));
    }
    let media = tl::types::InputMediaUploadedDocument {
        nosound_video: false,
        force_file: true,
        spoiler: false,
        file: tl::types::InputFileBig { id: 9, parts: 2, name: "clip.mp4".to_owned() }.into(),
        thumb: None,
        mime_type: "video/mp4".to_owned(),
        attributes: vec![tl::types::DocumentAttributeFilename { file_name: "clip.mp4".to_owned() }.into()],
        stickers: None,
        video_cover: None,
        video_timestamp: None,
        ttl_seconds: None,
    };
    let send = tl::functions::messages::SendMedia {
        silent: false,
        background: false,
        clear_draft: false,
        noforwards: false,
        update_stickersets_order: false,
        invert_media: false,
        allow_paid_floodskip: false,
        peer: peer(),
        reply_to: None,
        media: media.into(),
        message: "caption".to_owned(),
        random_id: 1,
        reply_markup: None,
        entities: None,
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        allow_paid_stars: None,
        suggested_post: None,
    };
    client.call(2, &send).await.expect("sent");
    let document = client.document(1).await;
    assert_eq!((document.size, document.dc_id), (700_000, 2));
    let tail = client.file(2, &document, 512 * 1024, 256 * 1024).await.expect("bytes");
    assert!(tail == bytes[512 * 1024..]);
}

#[tokio::test]
async fn faults_strike_where_they_are_told_to() {
    let sim = start().await;
    sim.post(CHANNEL, NewPost { dc: Some(2), ..NewPost::generated("a.mkv", MIB) }).expect("posted");
    let mut client = Client::signed_in(&sim.book(), "main").await;
    let document = client.document(1).await;
    let file = |effect| Fault { method: Some("upload.getFile".to_owned()), times: Some(1), ..Fault::new(effect) };
    for (effect, wanted) in [
        (Effect::FloodPremiumWait { seconds: 1 }, "420 FLOOD_PREMIUM_WAIT 1"),
        (Effect::RpcError { code: 500, message: "INTERNAL".to_owned() }, "500 INTERNAL"),
        (Effect::Cut { after_bytes: 0 }, "request error: read 0 bytes"),
        (Effect::Cut { after_bytes: 100 }, "request error: read 0 bytes"),
        (Effect::TransportError { code: -429 }, "429"),
    ] {
        sim.fault(file(effect));
        let refusal = client.refusal(2, &get_file(&document, 0, 4096)).await;
        assert!(refusal.contains(wanted), "{refusal} instead of {wanted}");
        sim.clear_faults();
    }
    sim.fault(file(Effect::ShortReply));
    assert_eq!(client.file(2, &document, 0, 4096).await.expect("bytes").len(), 2048);
    sim.fault(file(Effect::NewSession));
    assert_eq!(client.file(2, &document, 0, 4096).await.expect("bytes").len(), 4096);

    assert!(sim.calls(0).calls.is_empty(), "nobody asked before, so nothing was kept");
    sim.fault(file(Effect::Stall { ms: Some(1) }));
    client.file(2, &document, 8192, 4096).await.expect("bytes");
    sim.fault(file(Effect::RpcError { code: 500, message: "INTERNAL".to_owned() }));
    client.refusal(2, &get_file(&document, 0, 4096)).await;
    sim.fault(file(Effect::Cut { after_bytes: 100 }));
    client.refusal(2, &get_file(&document, 4096, 4096)).await;
    let calls = sim.calls(0).calls;
    let told: Vec<_> = calls.iter().map(|c| (c.offset, c.error.as_deref(), c.sent > 4096, c.is_cut)).collect();
    assert_eq!(told, [(8192, None, true, false), (0, Some("INTERNAL"), false, false), (4096, None, false, true)]);
    assert_eq!(calls[2].sent, 100);
    assert_eq!((calls[0].account.as_str(), calls[0].document.as_str()), ("main", document.id.to_string().as_str()));
    assert!(calls.iter().all(|c| c.limit == 4096 && c.ended_us >= Some(c.arrived_us)));
    sim.clear_faults();

    sim.fault(Fault::new(Effect::RoundTrip { ms: 120 }));
    let begin = Instant::now();
    client.file(2, &document, 0, 4096).await.expect("bytes");
    assert!(begin.elapsed() >= Duration::from_millis(120));
    sim.clear_faults();
    sim.fault(Fault::new(Effect::Speed { bytes_per_second: 1024 * 1024, per: Per::Bot }));
    let begin = Instant::now();
    client.file(2, &document, 0, 256 * 1024).await.expect("bytes");
    assert!(begin.elapsed() >= Duration::from_millis(240), "{:?}", begin.elapsed());
    sim.clear_faults();

    sim.fault(Fault { times: Some(1), ..Fault::new(Effect::LoseUpdates) });
    sim.post(CHANNEL, NewPost::text("lost")).expect("posted");
    assert!(client.no_update().await);
    sim.fault(Fault { times: Some(1), ..Fault::new(Effect::TooLong) });
    sim.post(CHANNEL, NewPost::text("hinted")).expect("posted");
    let tl::enums::Update::ChannelTooLong(hint) = client.update().await else { panic!("told everything") };
    assert_eq!(hint.pts, Some(4));
}

#[tokio::test]
async fn a_black_hole_never_answers_and_a_stall_comes_late() {
    let sim = start().await;
    let client = Client::signed_in(&sim.book(), "main").await;
    sim.fault(Fault { times: Some(1), ..Fault::new(Effect::Stall { ms: Some(400) }) });
    let begin = Instant::now();
    client.call(2, &tl::functions::updates::GetState {}).await.expect("late");
    assert!(begin.elapsed() >= Duration::from_millis(400));
    sim.fault(Fault { dc: Some(4), ..Fault::new(Effect::BlackHole) });
    let call = client.handle.raw_invoke_in_dc(4, vec![0x6b, 0x18, 0xf9, 0xc4]);
    assert!(timeout(Duration::from_millis(500), call).await.is_err());
}

#[tokio::test]
async fn a_restart_cuts_connections_and_keeps_everything() {
    let folder = std::env::temp_dir().join(format!("cinepost-simulation-{}", std::process::id()));
    let options = || Options { state: Some(folder.join("state.json")), ..Options::default() };
    let sim = simulation::start(options()).await.expect("starts");
    sim.post(CHANNEL, NewPost::bytes("clip.mp4", &b"0123456789"[..])).expect("posted");
    let client = Client::signed_in(&sim.book(), "main").await;
    client.authorize(4).await;
    sim.restart(Duration::from_millis(50)).await.expect("restarts");
    // The first call finds the connection cut.
    let _ = client.call(2, &tl::functions::updates::GetState {}).await;
    let document = client.document(1).await;
    let _ = client.file(4, &document, 0, 4096).await;
    assert_eq!(client.file(4, &document, 0, 4096).await.expect("still signed in"), b"0123456789");
    let book = sim.book();
    sim.stop().await.expect("stops");
    drop(sim);

    let again = simulation::start(options()).await.expect("starts again");
    let book_again = again.book();
    assert_eq!(book_again.channels, book.channels);
    assert_eq!(book_again.accounts, book.accounts);
    let client = Client::new(&book_again, "main").await;
    let document = client.document(1).await;
    assert_eq!(client.file(4, &document, 0, 4096).await.expect("still signed in"), b"0123456789");
    std::fs::remove_dir_all(folder).expect("it was made");
}

/// What a client gets whose clock is so much ahead of the server's, and how many of its messages were refused for that.
async fn with_clock(sim: &Sim, ahead: i32) -> (bool, std::collections::BTreeMap<i32, u64>) {
    let book = sim.book();
    let key = bytes_from_hex(&book.account("guest").expect("in the book").keys[&2]);
    let dc = book.dcs.iter().find(|dc| dc.id == 2).expect("in the book");
    let address = ServerAddr::Tcp { address: std::net::SocketAddrV4::new(dc.ip, dc.port).into() };
    let mtp = Encrypted::build().time_offset(ahead).finish(key);
    let mut sender = Sender::connect(Full::new(), mtp, address).await.expect("connected");
    let answer = timeout(Duration::from_millis(500), sender.invoke(&tl::functions::Ping { ping_id: 1 })).await;
    let mut refused = std::collections::BTreeMap::<i32, u64>::new();
    for (code, count) in sim.stats().messages.iter().flat_map(|m| &m.refused) {
        *refused.entry(*code).or_default() += count;
    }
    (matches!(answer, Ok(Ok(_))), refused)
}

#[tokio::test]
async fn clocks_must_agree() {
    const SALT: i32 = 48;
    // How far ahead the client is, whether it is answered, and why messages were refused before.
    let cases = [
        (0, true, vec![SALT]),
        (25, true, vec![SALT]),
        (-295, true, vec![SALT]),
        (-305, true, vec![16, SALT]),
        (-86_400, true, vec![16, SALT]),
        // grammers goes on from the id that was refused, for ever.
        (35, false, vec![17]),
        (86_400, false, vec![17]),
    ];
    for (ahead, is_answered, wanted) in cases {
        let by_client = with_clock(&start().await, ahead).await;
        let sim = start().await;
        sim.step_clock(-i64::from(ahead));
        for (answered, refused) in [by_client, with_clock(&sim, 0).await] {
            assert_eq!(answered, is_answered, "{ahead}");
            assert_eq!(refused.keys().copied().collect::<Vec<_>>(), wanted, "{ahead}");
            assert!(is_answered || refused[&17] > 10, "it was no storm: {refused:?}");
        }
    }
}
