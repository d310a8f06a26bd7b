//! Calls: unwrapped, named, answered as Telegram answers them. One file per family of methods.

mod account;
mod channels;
mod files;
mod messages;
mod updates;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use grammers_tl_types::{Cursor, Deserializable, Identifiable, enums, functions as f, name_for_id, types};

use super::connection::Handle;
use super::server::Server;
use super::tl::Writer;

/// An error that Telegram would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcError {
    pub code: i32,
    pub text: String,
}

impl RpcError {
    pub fn new(code: i32, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    pub fn to_tl(&self) -> Vec<u8> {
        let mut w = Writer::object::<types::RpcError>();
        w.int(self.code).string(&self.text);
        w.done()
    }
}

/// 400 with a text.
pub fn bad(text: &str) -> RpcError {
    RpcError::new(400, text)
}

pub type Answer = Result<Vec<u8>, RpcError>;

/// A call without its wrappers.
pub struct Call {
    constructor: u32,
    body: Vec<u8>,
    /// TL name.
    pub method: &'static str,
    /// It was wrapped in invokeWithoutUpdates.
    without_updates: bool,
    /// It was wrapped in initConnection, with this API id.
    api_id: Option<i32>,
}

impl Call {
    /// Takes the wrappers off.
    pub fn read(bytes: &[u8]) -> Result<Self, RpcError> {
        let wrong = |_| bad("INPUT_REQUEST_TOO_LONG");
        let mut cursor = Cursor::from_slice(bytes);
        let (mut without_updates, mut api_id) = (false, None);
        let constructor = loop {
            let constructor = u32::deserialize(&mut cursor).map_err(wrong)?;
            match constructor {
                // invokeWithLayer layer:int query:!X
                0xda9b_0d0d => {
                    i32::deserialize(&mut cursor).map_err(wrong)?;
                }
                // invokeWithoutUpdates query:!X
                0xbf94_59b7 => without_updates = true,
                // invokeAfterMsg msg_id:long query:!X
                0xcb9f_372d => {
                    i64::deserialize(&mut cursor).map_err(wrong)?;
                }
                // initConnection flags:# api_id:int (six strings) proxy:flags.0? params:flags.1? query:!X
                0xc1cd_5ea9 => {
                    let flags = u32::deserialize(&mut cursor).map_err(wrong)?;
                    api_id = Some(i32::deserialize(&mut cursor).map_err(wrong)?);
                    for _ in 0..6 {
                        String::deserialize(&mut cursor).map_err(wrong)?;
                    }
                    if flags & 1 != 0 {
                        enums::InputClientProxy::deserialize(&mut cursor).map_err(wrong)?;
                    }
                    if flags & 2 != 0 {
                        enums::Jsonvalue::deserialize(&mut cursor).map_err(wrong)?;
                    }
                }
                constructor => break constructor,
            }
        };
        let body = bytes[cursor.pos()..].to_vec();
        let method = name_for_id(constructor);
        Ok(Self { constructor, body, method, without_updates, api_id })
    }

    /// The call's parameters; functions are read bare, their constructor is gone already.
    fn parameters<T: Deserializable>(&self) -> Result<T, RpcError> {
        T::from_bytes(&self.body).map_err(|_| bad("INPUT_METHOD_INVALID"))
    }
}

/// Who asks, where, with everything that answering needs.
pub struct Context<'a> {
    pub server: &'a Arc<Server>,
    pub handle: &'a Handle,
    pub call: &'a Call,
    /// Bytes that a reply must lack (a fault).
    pub fewer: usize,
}

impl Context<'_> {
    pub fn account(&self) -> i64 {
        self.handle.account
    }

    pub fn dc(&self) -> i32 {
        self.handle.dc
    }
}

/// Answers one call.
pub fn answer(server: &Arc<Server>, handle: &Handle, call: &Call, fewer: usize) -> Answer {
    let at = Context { server, handle, call, fewer };
    if let Some(wanted) = server.api_id
        && call.api_id.is_some_and(|given| given != wanted)
    {
        return Err(bad("API_ID_INVALID"));
    }
    // Asked before anybody is signed in.
    match call.constructor {
        f::help::GetConfig::CONSTRUCTOR_ID => return Ok(account::config(&at)),
        f::help::GetNearestDc::CONSTRUCTOR_ID => return Ok(account::nearest_dc(&at)),
        f::auth::ImportBotAuthorization::CONSTRUCTOR_ID => return account::sign_in(&at),
        f::auth::ImportAuthorization::CONSTRUCTOR_ID => return account::import(&at),
        _ => {}
    }
    let signed_in = server.world(|w| w.account(at.account()).is_some_and(|a| a.signed_in.contains(&at.dc())));
    if !signed_in {
        return Err(RpcError::new(401, "AUTH_KEY_UNREGISTERED"));
    }
    // Telegram pushes to a session once it asked for anything, unless it said not to.
    if call.without_updates {
        handle.wants_updates.store(false, Ordering::Release);
    } else if at.dc() == server.home_dc && !call.method.starts_with("upload.") {
        handle.wants_updates.store(true, Ordering::Release);
    }
    match call.constructor {
        f::auth::ExportAuthorization::CONSTRUCTOR_ID => account::export(&at),
        f::auth::LogOut::CONSTRUCTOR_ID => account::log_out(&at),
        f::users::GetUsers::CONSTRUCTOR_ID => account::users(&at),
        f::users::GetFullUser::CONSTRUCTOR_ID => account::full_user(&at),
        f::updates::GetState::CONSTRUCTOR_ID => updates::state(&at),
        f::updates::GetDifference::CONSTRUCTOR_ID => updates::difference(&at),
        f::updates::GetChannelDifference::CONSTRUCTOR_ID => updates::channel_difference(&at),
        f::channels::GetChannels::CONSTRUCTOR_ID => channels::get(&at),
        f::channels::GetFullChannel::CONSTRUCTOR_ID => channels::full(&at),
        f::channels::GetParticipant::CONSTRUCTOR_ID => channels::participant(&at),
        f::channels::GetMessages::CONSTRUCTOR_ID => channels::messages(&at),
        f::channels::DeleteMessages::CONSTRUCTOR_ID => channels::delete(&at),
        f::messages::GetMessages::CONSTRUCTOR_ID => messages::get(&at),
        f::messages::SendMessage::CONSTRUCTOR_ID => messages::send(&at),
        f::messages::SendMedia::CONSTRUCTOR_ID => messages::send_media(&at),
        f::messages::ForwardMessages::CONSTRUCTOR_ID => messages::forward(&at),
        f::messages::EditMessage::CONSTRUCTOR_ID => messages::edit(&at),
        f::upload::GetFile::CONSTRUCTOR_ID => files::get(&at),
        f::upload::SaveFilePart::CONSTRUCTOR_ID => files::save_part(&at),
        f::upload::SaveBigFilePart::CONSTRUCTOR_ID => files::save_big_part(&at),
        // What people's accounts may ask and bots may not (core.telegram.org/api/bots).
        f::messages::GetHistory::CONSTRUCTOR_ID
        | f::messages::GetDialogs::CONSTRUCTOR_ID
        | f::messages::Search::CONSTRUCTOR_ID
        | f::channels::JoinChannel::CONSTRUCTOR_ID => Err(bad("BOT_METHOD_INVALID")),
        _ => Err(bad("INPUT_METHOD_INVALID")),
    }
}
