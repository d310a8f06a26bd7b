//! Where data centres are, from help.getConfig.

use std::collections::BTreeMap;
use std::net::SocketAddrV4;

use grammers_tl_types as tl;

use crate::domain::telegram_id::Dc;

/// The first address of each DC that our connections can speak to, for files or for everything: IPv4, and without obfuscation.
pub fn addresses(options: &[tl::enums::DcOption], for_files: bool) -> BTreeMap<Dc, SocketAddrV4> {
    let mut addresses = BTreeMap::new();
    for tl::enums::DcOption::Option(option) in options {
        let is_for_us = option.media_only == for_files && !option.cdn && !option.tcpo_only && option.secret.is_none();
        if let (true, Ok(ip), Ok(port)) = (is_for_us, option.ip_address.parse(), u16::try_from(option.port)) {
            addresses.entry(Dc(option.id)).or_insert(SocketAddrV4::new(ip, port));
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_address_that_we_can_speak_to_counts() {
        let option = |id, ip_address: &str, change: fn(&mut tl::types::DcOption)| {
            let mut option = tl::types::DcOption {
                ipv6: false,
                media_only: true,
                tcpo_only: false,
                cdn: false,
                r#static: false,
                this_port_only: false,
                id,
                ip_address: ip_address.to_owned(),
                port: 443,
                secret: None,
            };
            change(&mut option);
            option.into()
        };
        let options = [
            option(2, "192.0.2.1", |o| o.media_only = false),
            option(2, "2001:db8::2", |o| o.ipv6 = true),
            option(2, "192.0.2.3", |o| o.tcpo_only = true),
            option(2, "192.0.2.4", |o| o.secret = Some(vec![1])),
            option(2, "192.0.2.5", |_| ()),
            option(2, "192.0.2.6", |_| ()),
            option(3, "192.0.2.7", |o| o.cdn = true),
            option(4, "192.0.2.8", |o| o.port = 70_000),
        ];
        let at = |address: &str| BTreeMap::from([(Dc(2), address.parse().expect("an address"))]);
        assert_eq!(addresses(&options, true), at("192.0.2.5:443"));
        assert_eq!(addresses(&options, false), at("192.0.2.1:443"));
    }
}
