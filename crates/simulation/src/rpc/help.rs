//! `help.*`: where the data centres are.

use grammers_tl_types as tl;

use super::Call;

#[expect(clippy::too_many_lines, reason = "one value of forty fields, most of them nobody's concern here")]
pub(super) fn config(call: &Call<'_>) -> tl::enums::Config {
    let doors = call.server.doors.get().into_iter().flatten();
    let dc_options = doors
        .map(|door| {
            tl::types::DcOption {
                ipv6: false,
                media_only: door.is_for_files,
                tcpo_only: false,
                cdn: false,
                r#static: false,
                this_port_only: true,
                id: door.dc,
                ip_address: "127.0.0.1".to_owned(),
                port: door.port.into(),
                secret: None,
            }
            .into()
        })
        .collect();
    tl::types::Config {
        default_p2p_contacts: false,
        preload_featured_stickers: false,
        revoke_pm_inbox: false,
        blocked_mode: false,
        force_try_ipv6: false,
        date: call.server.clock.now(),
        expires: call.server.clock.now() + 3600,
        test_mode: false,
        this_dc: call.dc,
        dc_options,
        dc_txt_domain_name: "localhost".to_owned(),
        chat_size_max: 200,
        megagroup_size_max: 200_000,
        forwarded_count_max: 100,
        online_update_period_ms: 210_000,
        offline_blur_timeout_ms: 5_000,
        offline_idle_timeout_ms: 30_000,
        online_cloud_timeout_ms: 300_000,
        notify_cloud_delay_ms: 30_000,
        notify_default_delay_ms: 1_500,
        push_chat_period_ms: 60_000,
        push_chat_limit: 2,
        edit_time_limit: 172_800,
        revoke_time_limit: i32::MAX,
        revoke_pm_time_limit: i32::MAX,
        rating_e_decay: 2_419_200,
        stickers_recent_limit: 200,
        channels_read_media_period: 604_800,
        tmp_sessions: None,
        call_receive_timeout_ms: 20_000,
        call_ring_timeout_ms: 90_000,
        call_connect_timeout_ms: 30_000,
        call_packet_timeout_ms: 10_000,
        me_url_prefix: "https://t.me/".to_owned(),
        autoupdate_url_prefix: None,
        gif_search_username: None,
        venue_search_username: None,
        img_search_username: None,
        static_maps_provider: None,
        caption_length_max: 1_024,
        message_length_max: 4_096,
        webfile_dc_id: 4,
        suggested_lang_code: None,
        lang_pack_version: None,
        base_lang_pack_version: None,
        reactions_default: None,
        autologin_token: None,
    }
    .into()
}

pub(super) fn nearest_dc(call: &Call<'_>) -> tl::enums::NearestDc {
    tl::types::NearestDc { country: "NL".to_owned(), this_dc: call.dc, nearest_dc: call.server.rules.home_dc }.into()
}
