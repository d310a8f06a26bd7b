//! Service messages (core.telegram.org/mtproto/service_messages): what the two ends of a connection say about the connection
//! itself. What a client reads of them is in [`Message`](crate::Message); this file has their numbers and what a client writes.

/// The numbers of constructors, as in Telegram's schema `mtproto.tl`.
pub(crate) mod constructor {
    pub const MSG_CONTAINER: u32 = 0x73f1_f8dc;
    pub const GZIP_PACKED: u32 = 0x3072_cfa1;
    pub const RPC_RESULT: u32 = 0xf35c_6d01;
    pub const RPC_ERROR: u32 = 0x2144_ca19;
    pub const NEW_SESSION_CREATED: u32 = 0x9ec2_0908;
    pub const BAD_SERVER_SALT: u32 = 0xedab_447b;
    pub const BAD_MSG_NOTIFICATION: u32 = 0xa7ef_f811;
    pub const FUTURE_SALTS: u32 = 0xae50_0895;
    pub const MSG_DETAILED_INFO: u32 = 0x276d_3ec6;
    pub const MSG_NEW_DETAILED_INFO: u32 = 0x809d_b6df;
    pub const MSGS_ACK: u32 = 0x62d6_b459;
    pub const GET_FUTURE_SALTS: u32 = 0xb921_bd04;
    pub const PING_DELAY_DISCONNECT: u32 = 0xf342_7b8c;
    /// A vector that says what it is.
    pub const VECTOR: u32 = 0x1cb5_c415;

    /// pong, msgs_ack, msgs_state_req, msgs_state_info, msgs_all_info, msg_resend_req, destroy_session_ok,
    /// destroy_session_none, http_wait: a client with short requests and its own time limits needs none of them.
    pub const IGNORED: [u32; 9] = [
        0x3477_73c5,
        MSGS_ACK,
        0xda69_fb52,
        0x04de_b57d,
        0x8cc0_d131,
        0x7d86_1a08,
        0xe220_45fc,
        0x62d3_50c9,
        0x9299_359f,
    ];
}

/// Asks for the next `count` salts, at most 64. Content-related.
pub fn get_future_salts(count: i32) -> Vec<u8> {
    [constructor::GET_FUTURE_SALTS.to_le_bytes(), count.to_le_bytes()].concat()
}

/// Says that messages have come. Not content-related: nobody acknowledges an acknowledgment.
pub fn acknowledge(messages: &[i64]) -> Vec<u8> {
    let head = [constructor::MSGS_ACK, constructor::VECTOR, messages.len() as u32].map(u32::to_le_bytes).concat();
    head.into_iter().chain(messages.iter().flat_map(|id| id.to_le_bytes())).collect()
}

/// Asks whether the other end lives, and to be hung up on after `disconnect_secs` without another ping. Content-related.
pub fn ping_delay_disconnect(ping: i64, disconnect_secs: i32) -> Vec<u8> {
    let constructor = constructor::PING_DELAY_DISCONNECT.to_le_bytes();
    [&constructor[..], &ping.to_le_bytes(), &disconnect_secs.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use grammers_tl_types::{self as tl, Identifiable, Serializable};

    use super::*;

    #[test]
    fn what_is_written_is_what_the_schema_says() {
        assert_eq!(get_future_salts(48), tl::functions::GetFutureSalts { num: 48 }.to_bytes());
        for ids in [vec![], vec![1, -2, 3 << 40]] {
            let wanted = tl::enums::MsgsAck::Ack(tl::types::MsgsAck { msg_ids: ids.clone() }).to_bytes();
            assert_eq!(acknowledge(&ids), wanted);
        }
        let ping = tl::functions::PingDelayDisconnect { ping_id: 1, disconnect_delay: 75 };
        assert_eq!(ping_delay_disconnect(1, 75), ping.to_bytes());
    }

    #[test]
    fn the_numbers_are_those_of_the_schema() {
        use constructor::*;
        let schema = [
            (RPC_ERROR, tl::types::RpcError::CONSTRUCTOR_ID),
            (NEW_SESSION_CREATED, tl::types::NewSessionCreated::CONSTRUCTOR_ID),
            (BAD_SERVER_SALT, tl::types::BadServerSalt::CONSTRUCTOR_ID),
            (BAD_MSG_NOTIFICATION, tl::types::BadMsgNotification::CONSTRUCTOR_ID),
            (FUTURE_SALTS, tl::types::FutureSalts::CONSTRUCTOR_ID),
            (MSG_DETAILED_INFO, tl::types::MsgDetailedInfo::CONSTRUCTOR_ID),
            (MSG_NEW_DETAILED_INFO, tl::types::MsgNewDetailedInfo::CONSTRUCTOR_ID),
            (IGNORED[0], tl::types::Pong::CONSTRUCTOR_ID),
            (IGNORED[1], tl::types::MsgsAck::CONSTRUCTOR_ID),
            (IGNORED[2], tl::types::MsgsStateReq::CONSTRUCTOR_ID),
            (IGNORED[3], tl::types::MsgsStateInfo::CONSTRUCTOR_ID),
            (IGNORED[4], tl::types::MsgsAllInfo::CONSTRUCTOR_ID),
            (IGNORED[5], tl::types::MsgResendReq::CONSTRUCTOR_ID),
            (IGNORED[6], tl::types::DestroySessionOk::CONSTRUCTOR_ID),
            (IGNORED[7], tl::types::DestroySessionNone::CONSTRUCTOR_ID),
            (IGNORED[8], tl::types::HttpWait::CONSTRUCTOR_ID),
        ];
        for (ours, theirs) in schema {
            assert_eq!(ours, theirs, "{ours:08x}");
        }
    }
}
