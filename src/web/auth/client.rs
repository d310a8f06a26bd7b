//! Who is at the other end of a connection. A proxy's word on it counts only when the setting TRUSTED_PROXIES names the proxy:
//! anybody can send such headers.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;

use crate::flows::people::Browser;

/// The header to which each proxy appends the client that it speaks for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address: the peer's own, or, through proxies that are trusted, the last one named that is none of them.
pub fn address(request: &HttpRequest, proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let named = request.headers().get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
    Some(behind(peer, &named, proxies))
}

/// Whether a proxy that is trusted asks: what it says besides counts too.
pub fn is_proxy(request: &HttpRequest, proxies: &[IpNet]) -> bool {
    request.peer_addr().is_some_and(|peer| {
        let peer = peer.ip().to_canonical();
        proxies.iter().any(|net| net.contains(&peer))
    })
}

/// The browser that signs in: what it calls itself, and its address.
pub fn browser<'a>(request: &'a HttpRequest, proxies: &[IpNet]) -> Browser<'a> {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Browser { agent: agent.unwrap_or_default(), address: address(request, proxies) }
}

/// Whether a program on this machine itself asks, by a name of this machine: not a proxy for somebody else, and not a web page in a
/// browser here (it names itself in `Origin`, or another name than ours in `Host`).
pub fn is_this_machine(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let speaks_for_another = ["forwarded", FORWARDED_FOR, "x-forwarded-host", "x-real-ip", "via", "origin"]
        .iter()
        .any(|name| headers.contains_key(*name));
    // The header as it came, which alone says what the client typed.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
        && !speaks_for_another
        && is_loopback_name(host)
}

fn behind(peer: IpAddr, named: &[&str], proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |ip: IpAddr| proxies.iter().any(|net| net.contains(&ip));
    let mut client = peer.to_canonical();
    for text in named.iter().rev() {
        if !is_proxy(client) {
            break;
        }
        // A text that is no address cannot be believed, nor anything before it.
        let Ok(ip) = text.parse::<IpAddr>() else { break };
        client = ip.to_canonical();
    }
    client
}

/// `localhost`, `127.0.0.1:8080`, `[::1]:8080`.
fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let proxies: Vec<IpNet> = ["10.0.0.0/8", "::1/128"].iter().map(|net| net.parse().expect("a net")).collect();
        let cases: [(&str, &[&str], &str); 9] = [
            ("203.0.113.5", &[], "203.0.113.5"),
            ("203.0.113.5", &["127.0.0.1"], "203.0.113.5"),
            ("10.0.0.2", &[], "10.0.0.2"),
            ("10.0.0.2", &["203.0.113.5"], "203.0.113.5"),
            ("10.0.0.2", &["127.0.0.1", "203.0.113.5"], "203.0.113.5"),
            ("10.0.0.2", &["127.0.0.1", "203.0.113.5", "10.0.0.3"], "203.0.113.5"),
            ("10.0.0.2", &["127.0.0.1", "unknown", "10.0.0.3"], "10.0.0.3"),
            ("::ffff:10.0.0.2", &["2001:db8::1"], "2001:db8::1"),
            ("::1", &["::ffff:203.0.113.5"], "203.0.113.5"),
        ];
        for (peer, named, wanted) in cases {
            assert_eq!(behind(ip(peer), named, &proxies), ip(wanted), "{peer} {named:?}");
        }
        assert_eq!(behind(ip("10.0.0.2"), &["203.0.113.5"], &[]), ip("10.0.0.2"), "nobody is trusted");
    }

    #[test]
    fn names_of_this_machine() {
        for (host, wanted) in [
            ("localhost", true),
            ("localhost:8080", true),
            ("127.0.0.1:8080", true),
            ("127.8.8.8", true),
            ("[::1]:8080", true),
            ("films.example.org", false),
            ("localhost.example.org", false),
            ("192.168.1.2:8080", false),
            ("", false),
        ] {
            assert_eq!(is_loopback_name(host), wanted, "{host}");
        }
    }
}
