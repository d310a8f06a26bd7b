//! Links that open an address in a player that people have installed, in the form that each player's makers document. Pure.
//!
//! | player | where | form | source |
//! | --- | --- | --- | --- |
//! | VLC | phones, iOS | `vlc-x-callback://x-callback-url/stream?url=…` | wiki.videolan.org/Documentation:IOS |
//! | VLC, MX Player | Android | `intent:…#Intent;package=…;type=…;S.title=…;end` | developer.chrome.com/docs/android/intents |
//! | VLC | desktops, where its URL handler is set up | `vlc://…` | |
//! | IINA | macOS | `iina://weblink?url=…` | github.com/iina/iina |
//! | PotPlayer | Windows | `potplayer://…` | |
//! | Infuse | iOS, macOS, Apple TV | `infuse://x-callback-url/play?url=…` | firecore.com/forum |
//! | nPlayer | iOS | `nplayer-https://…` | |

use super::stremio::{AbsoluteUrl, encode};

/// A player and the link that opens an address in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerLink {
    pub player: &'static str,
    /// Where it is found; the same words in all languages.
    pub on: &'static str,
    pub href: String,
}

/// Every player that is known, for an address that plays. `title`: what players show; anybody's text.
pub fn links(address: &AbsoluteUrl, title: &str, is_video: bool) -> Vec<PlayerLink> {
    let url = address.as_str();
    let escaped = encode(url);
    let link = |player, on, href| PlayerLink { player, on, href };
    let mime = if is_video { "video/*" } else { "audio/*" };
    vec![
        link("VLC", "Android", intent(url, "org.videolan.vlc", mime, title)),
        link("VLC", "iOS", format!("vlc-x-callback://x-callback-url/stream?url={escaped}")),
        link("VLC", "PC, Mac", format!("vlc://{url}")),
        link("MX Player", "Android", intent(url, "com.mxtech.videoplayer.ad", mime, title)),
        link("Infuse", "iOS, Mac", format!("infuse://x-callback-url/play?url={escaped}")),
        link("IINA", "Mac", format!("iina://weblink?url={escaped}")),
        link("PotPlayer", "Windows", format!("potplayer://{url}")),
        link("nPlayer", "iOS", format!("nplayer-{url}")),
    ]
}

/// Android's form: the address with its scheme apart, and a title in which nothing ends the intent.
fn intent(url: &str, package: &str, mime: &str, title: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let title = encode(title);
    format!(
        "intent://{rest}#Intent;scheme={scheme};action=android.intent.action.VIEW;type={mime};package={package};S.title={title};end"
    )
}

/// Why an address cannot be a player's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it should be the https address of a web page that plays what is given to it as ?stream=, such as https://player.example.org/"
)]
pub struct NotAPlayer;

/// A web page that plays an address given to it as `?stream=…`. It sees the address, which is as good as the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebPlayer(AbsoluteUrl);

impl std::str::FromStr for WebPlayer {
    type Err = NotAPlayer;

    /// An https address without a query or a fragment, which the stream's address would end up in.
    fn from_str(text: &str) -> Result<Self, NotAPlayer> {
        let url = AbsoluteUrl::parse(text.trim()).ok_or(NotAPlayer)?;
        let is_plain = url.is_https() && !url.as_str().contains(['?', '#', '@']);
        if is_plain { Ok(Self(url)) } else { Err(NotAPlayer) }
    }
}

impl WebPlayer {
    /// What people know it by.
    pub fn host(&self) -> &str {
        let rest = self.0.as_str().trim_start_matches("https://");
        rest.split(['/', ':']).next().unwrap_or(rest)
    }

    pub fn href(&self, address: &AbsoluteUrl) -> String {
        format!("{}?stream={}", self.0.as_str(), encode(address.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> AbsoluteUrl {
        AbsoluteUrl::parse(text).expect("absolute")
    }

    #[test]
    fn each_player_has_its_form() {
        let address = url("https://films.example.org/d/ABC/Night%201968.mkv?key=K");
        let wanted = [
            "intent://films.example.org/d/ABC/Night%201968.mkv?key=K#Intent;scheme=https;action=android.intent.action.VIEW;type=video/*;package=org.videolan.vlc;S.title=a%3Bend%23;end",
            "vlc-x-callback://x-callback-url/stream?url=https%3A%2F%2Ffilms.example.org%2Fd%2FABC%2FNight%25201968.mkv%3Fkey%3DK",
            "vlc://https://films.example.org/d/ABC/Night%201968.mkv?key=K",
            "intent://films.example.org/d/ABC/Night%201968.mkv?key=K#Intent;scheme=https;action=android.intent.action.VIEW;type=video/*;package=com.mxtech.videoplayer.ad;S.title=a%3Bend%23;end",
            "infuse://x-callback-url/play?url=https%3A%2F%2Ffilms.example.org%2Fd%2FABC%2FNight%25201968.mkv%3Fkey%3DK",
            "iina://weblink?url=https%3A%2F%2Ffilms.example.org%2Fd%2FABC%2FNight%25201968.mkv%3Fkey%3DK",
            "potplayer://https://films.example.org/d/ABC/Night%201968.mkv?key=K",
            "nplayer-https://films.example.org/d/ABC/Night%201968.mkv?key=K",
        ];
        let hrefs: Vec<_> = links(&address, "a;end#", true).into_iter().map(|link| link.href).collect();
        assert_eq!(hrefs, wanted);
    }

    #[test]
    fn a_player_of_ones_own_is_a_page_on_the_web() {
        let player: WebPlayer = "https://player.example.org/".parse().expect("one");
        let href = player.href(&url("https://films.example.org/d/A/b.mp4"));
        assert_eq!(href, "https://player.example.org/?stream=https%3A%2F%2Ffilms.example.org%2Fd%2FA%2Fb.mp4");
        let deeper: WebPlayer = "https://player.example.org:8443/watch".parse().expect("one");
        assert_eq!([player.host(), deeper.host()], ["player.example.org"; 2]);
        for bad in [
            "",
            "player",
            "http://player.example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://p.example.org/?x=1",
            "https://p.example.org/#x",
            "https://films.example.org@evil.example/",
            "//player.example.org",
        ] {
            assert_eq!(bad.parse::<WebPlayer>(), Err(NotAPlayer), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_title_leaves_its_place(title in "\\PC{0,60}") {
            for link in links(&url("https://films.example.org/d/A/b.mp4"), &title, false) {
                prop_assert!(link.href.matches(";end").count() <= 1, "{}", link.href);
                prop_assert!(!link.href.contains(['"', '<', ' ']), "{}", link.href);
            }
        }
    }
}
