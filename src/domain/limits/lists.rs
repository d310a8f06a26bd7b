//! Who is let in at all: addresses as networks, people and chats by their Telegram ids. Each form looks different, so one list holds
//! all of them: `198.51.100.0/24, 2001:db8::/32, 123456789, -1001234567890`.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::domain::telegram_id::UserId;

/// Of IPv6 a customer gets at least a /64, and may use any address of it.
const IPV6_CUSTOMER: u8 = 64;

/// Whom an address is counted for: itself, and of IPv6 its /64.
pub fn network(address: IpAddr) -> IpNet {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Net::from(address).into(),
        IpAddr::V6(address) => {
            // The length is right, so it is never the whole address.
            let net = Ipv6Net::new(address, IPV6_CUSTOMER).unwrap_or_else(|_| Ipv6Net::from(address));
            net.trunc().into()
        }
    }
}

/// A list of addresses, people and chats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    networks: BTreeSet<IpNet>,
    people: BTreeSet<i64>,
    /// Negative ids, as Telegram's Bot API writes them.
    chats: BTreeSet<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address, person or chat: write a network such as 198.51.100.0/24, a person's Telegram id such as 123456789, or a \
     chat's such as -1001234567890"
)]
pub struct ListError(pub String);

impl FromStr for Listed {
    type Err = ListError;

    /// Separated by commas or blanks.
    fn from_str(text: &str) -> Result<Self, ListError> {
        let mut listed = Self::default();
        for word in text.split([',', ' ', '\n', '\t']).filter(|word| !word.is_empty()) {
            let net = word.parse::<IpNet>().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from));
            match (net, word.parse::<i64>()) {
                (Some(net), _) => {
                    listed.networks.insert(net.trunc());
                }
                (None, Ok(id)) if id > 0 => {
                    listed.people.insert(id);
                }
                (None, Ok(id)) if id < 0 => {
                    listed.chats.insert(id);
                }
                _ => return Err(ListError(word.to_owned())),
            }
        }
        Ok(listed)
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks = self.networks.iter().map(ToString::to_string);
        let ids = self.people.iter().chain(&self.chats).map(ToString::to_string);
        f.write_str(&networks.chain(ids).collect::<Vec<_>>().join(", "))
    }
}

impl Listed {
    /// Adds what another list has.
    pub fn add(&mut self, other: &Self) {
        self.networks.extend(&other.networks);
        self.people.extend(&other.people);
        self.chats.extend(&other.chats);
    }

    /// Takes out what another list has.
    pub fn take_out(&mut self, other: &Self) {
        self.networks.retain(|net| !other.networks.contains(net));
        self.people.retain(|id| !other.people.contains(id));
        self.chats.retain(|id| !other.chats.contains(id));
    }

    fn has_address(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|net| net.contains(&address))
    }
}

/// Who is let in: whoever is not denied, and where there is an allow list of their kind stands on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    pub allow: Listed,
    pub deny: Listed,
}

impl Lists {
    pub fn admits_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let is_allowed = self.allow.networks.is_empty() || self.allow.has_address(address);
        is_allowed && !self.deny.has_address(address)
    }

    pub fn admits_person(&self, person: UserId) -> bool {
        let is_allowed = self.allow.people.is_empty() || self.allow.people.contains(&person.0);
        is_allowed && !self.deny.people.contains(&person.0)
    }

    /// `chat`: as Telegram's Bot API writes it, negative.
    pub fn admits_chat(&self, chat: i64) -> bool {
        let is_allowed = self.allow.chats.is_empty() || self.allow.chats.contains(&chat);
        is_allowed && !self.deny.chats.contains(&chat)
    }

    /// What either says.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.allow.add(&other.allow);
        both.deny.add(&other.deny);
        both
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Listed {
        text.parse().expect("a list")
    }

    #[test]
    fn a_list_is_read_and_written_again() {
        let text = "198.51.100.0/24, 203.0.113.7/32, 2001:db8::/32, 42, 123456789, -1001234567890";
        let mixed = listed("123456789,42 2001:db8::5/32\n198.51.100.9/24 203.0.113.7, -1001234567890");
        assert_eq!(mixed.to_string(), text);
        assert_eq!(listed(&mixed.to_string()), mixed);
        for wrong in ["anna", "198.51.100.0/99", "0", "1.2.3", "@me"] {
            assert_eq!(wrong.parse::<Listed>(), Err(ListError(wrong.to_owned())));
        }
    }

    #[test]
    fn deny_comes_before_allow_and_an_empty_list_allows() {
        let lists = |allow, deny| Lists { allow: listed(allow), deny: listed(deny) };
        let cases = [
            ("", "", "203.0.113.7", true),
            ("", "203.0.113.0/24", "203.0.113.7", false),
            ("", "203.0.113.0/24", "::ffff:203.0.113.7", false),
            ("", "203.0.113.0/24", "203.0.114.7", true),
            ("192.168.0.0/16", "", "192.168.3.4", true),
            ("192.168.0.0/16", "", "203.0.113.7", false),
            ("192.168.0.0/16", "192.168.3.4", "192.168.3.4", false),
            ("2001:db8::/32", "", "2001:db8:1::9", true),
            ("42", "", "203.0.113.7", true),
        ];
        for (allow, deny, address, wanted) in cases {
            let address: IpAddr = address.parse().expect("an address");
            assert_eq!(lists(allow, deny).admits_address(address), wanted, "{allow} / {deny}: {address}");
        }
        let ours = lists("42", "-100777");
        assert!(ours.admits_person(UserId(42)) && !ours.admits_person(UserId(43)));
        assert!(ours.admits_chat(-100_778) && !ours.admits_chat(-100_777));
    }

    #[test]
    fn of_ipv6_a_customer_counts_and_not_an_address() {
        let net = |text: &str| network(text.parse().expect("an address")).to_string();
        assert_eq!(net("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(net("203.0.113.7"), "203.0.113.7/32");
        assert_eq!(net("::ffff:203.0.113.7"), "203.0.113.7/32");
    }
}
