//! Requests: the wrappers around them, and which function answers which method. One file per family of methods.

mod auth;
mod bots;
mod channels;
mod ephemeral;
mod files;
mod help;
mod inline;
mod messages;
pub(super) mod shapes;
mod updates;
mod users;
mod words;

use grammers_tl_types::{self as tl, Cursor, Deserializable, Identifiable, Serializable};

use super::calls::Wanted;
use super::faults::Event;
use super::refusal::Refusal;
use super::server::Server;
use tl::functions as f;

/// A request without its wrappers.
#[derive(Debug)]
pub(super) struct Request<'b> {
    constructor: u32,
    /// As in the schema: `upload.getFile`.
    pub method: &'static str,
    arguments: &'b [u8],
    /// The API id of initConnection, when it was around it.
    introduction: Option<i32>,
    is_without_updates: bool,
}

/// Who asks, and where.
pub(super) struct Call<'s> {
    pub server: &'s Server,
    pub dc: i32,
    /// It came in where only files are moved.
    pub is_for_files: bool,
    /// Id of the authorization key.
    pub key: i64,
    pub event: Event<'s>,
    /// A fault: files are given by half.
    pub is_short: bool,
}

/// Stands for the wrapped request: takes nothing, so that the cursor stops where it begins.
struct Wrapped;

impl Deserializable for Wrapped {
    fn deserialize(_: &mut Cursor<'_>) -> tl::deserialize::Result<Self> {
        Ok(Self)
    }
}

/// Deeper than any client wraps.
const MOST_WRAPPERS: usize = 8;

impl<'b> Request<'b> {
    pub fn read(body: &'b [u8]) -> Result<Self, Refusal> {
        let mut cursor = Cursor::from_slice(body);
        let (mut introduction, mut is_without_updates) = (None, false);
        for _ in 0..MOST_WRAPPERS {
            let constructor = u32::deserialize(&mut cursor)?;
            match constructor {
                f::InvokeWithLayer::<Wrapped>::CONSTRUCTOR_ID => {
                    f::InvokeWithLayer::<Wrapped>::deserialize(&mut cursor)?;
                }
                f::InitConnection::<Wrapped>::CONSTRUCTOR_ID => {
                    introduction = Some(f::InitConnection::<Wrapped>::deserialize(&mut cursor)?.api_id);
                }
                f::InvokeWithoutUpdates::<Wrapped>::CONSTRUCTOR_ID => {
                    f::InvokeWithoutUpdates::<Wrapped>::deserialize(&mut cursor)?;
                    is_without_updates = true;
                }
                f::InvokeAfterMsg::<Wrapped>::CONSTRUCTOR_ID => {
                    f::InvokeAfterMsg::<Wrapped>::deserialize(&mut cursor)?;
                }
                f::InvokeAfterMsgs::<Wrapped>::CONSTRUCTOR_ID => {
                    f::InvokeAfterMsgs::<Wrapped>::deserialize(&mut cursor)?;
                }
                _ => {
                    let method = tl::name_for_id(constructor);
                    let arguments = &body[cursor.pos()..];
                    return Ok(Self { constructor, method, arguments, introduction, is_without_updates });
                }
            }
        }
        Err(Refusal::bad("INPUT_REQUEST_INVALID"))
    }

    /// What a getFile asks for, for the log of calls.
    pub fn wanted(&self) -> Wanted {
        let Ok(request) = self.arguments::<f::upload::GetFile>() else { return Wanted::default() };
        let document = match request.location {
            tl::enums::InputFileLocation::InputDocumentFileLocation(location) => location.id.to_string(),
            tl::enums::InputFileLocation::InputPhotoFileLocation(location) => location.id.to_string(),
            _ => String::new(),
        };
        Wanted { document, offset: request.offset.max(0) as u64, limit: request.limit.max(0) as u32 }
    }

    fn arguments<T: Deserializable>(&self) -> Result<T, Refusal> {
        Ok(T::from_bytes(self.arguments)?)
    }

    /// The same of a call that begins with a channel. Telegram takes inputPeerChannel there as well, which has the same members: Pyrofork
    /// sends nothing else.
    fn channel_arguments<T: Deserializable>(&self) -> Result<T, Refusal> {
        let peer = tl::types::InputPeerChannel::CONSTRUCTOR_ID.to_bytes();
        let Some(members) = self.arguments.strip_prefix(&peer[..]) else { return self.arguments() };
        let channel = tl::types::InputChannel::CONSTRUCTOR_ID.to_bytes();
        Ok(T::from_bytes(&[&channel, members].concat())?)
    }
}

/// Answers a request, or refuses. `connection` is where updates about the change itself need not go.
pub(super) fn answer(
    call: &Call<'_>,
    request: &Request<'_>,
    connection: u64,
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    introduce(call, request)?;
    // What Telegram says here is not documented; nobody should ask.
    if call.is_for_files && !request.method.starts_with("upload.") {
        return Err(Refusal::bad("METHOD_INVALID"));
    }
    if let Some(answered) = answer_anybody(call, request, connection, out) {
        return answered;
    }
    let account = auth::signed_in(call)?;
    listen(call, request, connection);
    answer_account(call, account, request, connection, out)
}

/// What a key without an account may ask. `None` when it is something else.
fn answer_anybody(
    call: &Call<'_>,
    request: &Request<'_>,
    connection: u64,
    out: &mut Vec<u8>,
) -> Option<Result<(), Refusal>> {
    Some(match request.constructor {
        f::help::GetConfig::CONSTRUCTOR_ID => put(out, help::config(call)),
        f::help::GetNearestDc::CONSTRUCTOR_ID => put(out, help::nearest_dc(call)),
        f::auth::ImportBotAuthorization::CONSTRUCTOR_ID => {
            let signed_in = request.arguments().and_then(|arguments| auth::import_bot(call, arguments));
            signed_in.and_then(|authorization| {
                put(out, authorization)?;
                listen(call, request, connection);
                Ok(())
            })
        }
        f::auth::ImportAuthorization::CONSTRUCTOR_ID => {
            request.arguments().and_then(|arguments| auth::import(call, arguments)).and_then(|done| put(out, done))
        }
        _ => return None,
    })
}

/// What somebody who is signed in may ask.
fn answer_account(
    call: &Call<'_>,
    account: i64,
    request: &Request<'_>,
    connection: u64,
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    let r = request;
    match r.constructor {
        f::auth::ExportAuthorization::CONSTRUCTOR_ID => put(out, auth::export(call, account, r.arguments()?)?),
        f::auth::LogOut::CONSTRUCTOR_ID => put(out, auth::log_out(call)),
        f::users::GetUsers::CONSTRUCTOR_ID => put(out, users::get(call, account, r.arguments()?)?),
        f::users::GetFullUser::CONSTRUCTOR_ID => put(out, users::full(call, account, r.arguments()?)?),
        f::updates::GetState::CONSTRUCTOR_ID => put(out, updates::state(call, account)?),
        f::updates::GetDifference::CONSTRUCTOR_ID => put(out, updates::difference(call, account, r.arguments()?)?),
        f::updates::GetChannelDifference::CONSTRUCTOR_ID => {
            put(out, updates::channel_difference(call, account, r.arguments()?)?)
        }
        f::channels::GetChannels::CONSTRUCTOR_ID => put(out, channels::get(call, account, r.arguments()?)?),
        f::channels::GetFullChannel::CONSTRUCTOR_ID => put(out, channels::full(call, account, r.channel_arguments()?)?),
        f::channels::GetParticipant::CONSTRUCTOR_ID => put(out, channels::participant(call, account, r.arguments()?)?),
        f::channels::GetMessages::CONSTRUCTOR_ID => {
            put(out, channels::messages(call, account, r.channel_arguments()?)?)
        }
        f::channels::DeleteMessages::CONSTRUCTOR_ID => {
            put(out, channels::delete(call, account, connection, r.channel_arguments()?)?)
        }
        f::messages::GetMessages::CONSTRUCTOR_ID => put(out, messages::get(call, account, r.arguments()?)?),
        f::messages::SendMessage::CONSTRUCTOR_ID => {
            put(out, messages::send(call, account, connection, r.arguments()?)?)
        }
        f::messages::SendMedia::CONSTRUCTOR_ID => {
            put(out, messages::send_media(call, account, connection, r.arguments()?)?)
        }
        f::messages::ForwardMessages::CONSTRUCTOR_ID => {
            put(out, messages::forward(call, account, connection, r.arguments()?)?)
        }
        f::messages::EditMessage::CONSTRUCTOR_ID => {
            put(out, messages::edit(call, account, connection, r.arguments()?)?)
        }
        f::messages::DeleteMessages::CONSTRUCTOR_ID => {
            put(out, messages::delete(call, account, connection, r.arguments()?)?)
        }
        f::messages::SetBotCallbackAnswer::CONSTRUCTOR_ID => {
            put(out, inline::answer_press(call, account, r.arguments()?)?)
        }
        f::messages::SetInlineBotResults::CONSTRUCTOR_ID => {
            put(out, inline::answer_query(call, account, r.arguments()?)?)
        }
        f::ephemeral::SendMessage::CONSTRUCTOR_ID => put(out, ephemeral::send(call, account, r.arguments()?)?),
        f::ephemeral::EditMessage::CONSTRUCTOR_ID => put(out, ephemeral::edit(call, account, r.arguments()?)?),
        f::ephemeral::DeleteMessage::CONSTRUCTOR_ID => put(out, ephemeral::delete(call, account, r.arguments()?)?),
        f::bots::SetBotCommands::CONSTRUCTOR_ID => put(out, bots::set_commands(call, account, r.arguments()?)?),
        f::upload::GetFile::CONSTRUCTOR_ID => files::get(call, account, &r.arguments()?, out),
        f::upload::SaveFilePart::CONSTRUCTOR_ID => put(out, files::save_part(call, account, r.arguments()?)?),
        f::upload::SaveBigFilePart::CONSTRUCTOR_ID => put(out, files::save_big_part(call, account, r.arguments()?)?),
        // Telegram keeps these from bots.
        f::messages::GetHistory::CONSTRUCTOR_ID
        | f::messages::GetDialogs::CONSTRUCTOR_ID
        | f::messages::Search::CONSTRUCTOR_ID
        | f::messages::ReadHistory::CONSTRUCTOR_ID
        | f::channels::ReadHistory::CONSTRUCTOR_ID
        | f::channels::JoinChannel::CONSTRUCTOR_ID
        | f::contacts::Search::CONSTRUCTOR_ID => Err(Refusal::bad("BOT_METHOD_INVALID")),
        other => Err(Refusal::new(400, format!("INPUT_METHOD_INVALID_{other}_0"))),
    }
}

/// A client must say once per key who it is.
fn introduce(call: &Call<'_>, request: &Request<'_>) -> Result<(), Refusal> {
    let mut world = call.server.world();
    let key = world.keys.get_mut(&call.key).ok_or(Refusal::new(401, "AUTH_KEY_UNREGISTERED"))?;
    match request.introduction {
        Some(api_id) if call.server.rules.api.as_ref().is_some_and(|(wanted, _)| *wanted != api_id) => {
            return Err(Refusal::bad("API_ID_INVALID"));
        }
        Some(_) if !key.is_introduced => {
            key.is_introduced = true;
            call.server.changed.notify_one();
        }
        None if !key.is_introduced => return Err(Refusal::bad("CONNECTION_NOT_INITED")),
        _ => {}
    }
    Ok(())
}

/// Updates go to connections of the home DC that called something without invokeWithoutUpdates.
fn listen(call: &Call<'_>, request: &Request<'_>, connection: u64) {
    if !request.is_without_updates && call.dc == call.server.rules.home_dc {
        call.server.hub.wants_updates(connection);
    }
}

fn put(out: &mut Vec<u8>, answer: impl Serializable) -> Result<(), Refusal> {
    answer.serialize(out);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_come_off_in_any_order() {
        let init = f::InitConnection {
            api_id: 7,
            device_model: "d".to_owned(),
            system_version: "s".to_owned(),
            app_version: "a".to_owned(),
            system_lang_code: "en".to_owned(),
            lang_pack: String::new(),
            lang_code: "en".to_owned(),
            proxy: None,
            params: None,
            query: f::InvokeWithoutUpdates { query: f::help::GetConfig {} },
        };
        let body = f::InvokeWithLayer { layer: 200, query: init }.to_bytes();
        let request = Request::read(&body).expect("readable");
        assert_eq!(
            (request.method, request.introduction, request.is_without_updates),
            ("help.getConfig", Some(7), true)
        );
        assert!(request.arguments.is_empty());

        let plain = f::upload::SaveFilePart { file_id: 1, file_part: 2, bytes: vec![3; 4] }.to_bytes();
        let request = Request::read(&plain).expect("readable");
        assert_eq!(
            (request.method, request.introduction, request.is_without_updates),
            ("upload.saveFilePart", None, false)
        );
        assert_eq!(request.arguments, &plain[4..]);
    }

    #[test]
    fn a_channel_may_be_written_as_the_peer_that_it_is() {
        let id = vec![tl::types::InputMessageId { id: 3 }.into()];
        let channel = tl::types::InputChannel { channel_id: 5, access_hash: -7 };
        let plain = f::channels::GetMessages { channel: channel.into(), id };
        let body = plain.to_bytes();
        let as_peer = [&body[..4], &tl::types::InputPeerChannel::CONSTRUCTOR_ID.to_bytes(), &body[8..]].concat();
        for body in [&body, &as_peer] {
            let request = Request::read(body).expect("readable");
            let read: f::channels::GetMessages = request.channel_arguments().expect("a channel");
            assert_eq!(read, plain);
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let mut nested = f::help::GetConfig {}.to_bytes();
        for _ in 0..MOST_WRAPPERS {
            nested = [f::InvokeWithoutUpdates::<Wrapped>::CONSTRUCTOR_ID.to_bytes(), nested].concat();
        }
        for body in [&[][..], &[1, 2], &nested, &f::InvokeWithLayer::<Wrapped>::CONSTRUCTOR_ID.to_bytes()] {
            assert!(Request::read(body).is_err());
        }
    }
}
