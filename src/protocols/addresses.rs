//! The addresses of this program. Every one that is sent, printed or shown outside of our own pages is made here, under
//! BASE_URL. Our own pages link by path ([`Addresses::root`]): people may have come by another address.

use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;
use crate::protocols::m3u::Playlist;
use crate::protocols::stremio::{AbsoluteUrl, ContentId, Install};

/// BASE_URL, and what lies under it. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    base: AbsoluteUrl,
    root: String,
}

/// Begins what an invitation's link makes Telegram send behind `/start`.
const JOIN: &str = "join_";

/// A page of the owner, or a section of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerPage {
    Top,
    Review,
    /// One file, with what can be done about it.
    Entry(EntryId),
    Channels,
    People,
    /// Somebody among them, by id.
    Person(PersonId),
}

impl OwnerPage {
    /// The page in one word, for [`Addresses::sign_in`]. `None` for [`OwnerPage::Top`].
    pub fn anchor(self) -> Option<String> {
        match self {
            Self::Top => None,
            Self::Review => Some("review".to_owned()),
            Self::Entry(id) => Some(id.to_string()),
            Self::Channels => Some("channels".to_owned()),
            Self::People => Some("people".to_owned()),
            Self::Person(id) => Some(format!("person-{id}")),
        }
    }

    /// Reads what [`OwnerPage::anchor`] returned. [`OwnerPage::Top`] for any other text.
    pub fn from_anchor(text: &str) -> Self {
        match text {
            "review" => Self::Review,
            "channels" => Self::Channels,
            "people" => Self::People,
            text => text.parse().map_or(Self::Top, Self::Entry),
        }
    }
}

impl Addresses {
    /// `base` is BASE_URL.
    pub fn new(base: AbsoluteUrl) -> Self {
        let path = base.as_str().splitn(4, '/').nth(3).unwrap_or_default();
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let root = if path.is_empty() { String::new() } else { format!("/{path}") };
        Self { base, root }
    }

    pub fn base(&self) -> &AbsoluteUrl {
        &self.base
    }

    /// The beginning of every path on our pages: empty, or the path of BASE_URL, without a slash at its end.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The path of a page of the owner, for redirects.
    pub fn owner_path(&self, page: OwnerPage) -> String {
        format!("{}{}", self.root, owner_path(page))
    }

    /// The page that anyone may see.
    pub fn home(&self) -> AbsoluteUrl {
        self.base.at("/")
    }

    /// The path of the page that says how to come back, for redirects.
    pub fn signed_out_path(&self) -> String {
        format!("{}/signed-out", self.root)
    }

    /// The page that says why an access ended.
    pub fn access(&self) -> AbsoluteUrl {
        self.base.join(["access"])
    }

    /// A page of the owner, for a browser that is signed in.
    pub fn owner(&self, page: OwnerPage) -> AbsoluteUrl {
        self.base.at(&owner_path(page))
    }

    /// A one-time link that signs the owner in and leads to that page. The token comes from `flows::people`.
    pub fn sign_in(&self, token: &str, page: OwnerPage) -> AbsoluteUrl {
        let link = self.base.join(["owner", "enter", token]);
        match page.anchor() {
            Some(anchor) => link.with_query("to", &anchor),
            None => link,
        }
    }

    /// The addresses of a person's addon. The token comes from `flows::people`.
    pub fn install(&self, token: &str) -> Install {
        Install::new(&self.base, token)
    }

    /// A playlist as the person of a token sees it. The token comes from `flows::people`.
    pub fn m3u(&self, token: &str, playlist: &Playlist) -> AbsoluteUrl {
        let parts = playlist.parts();
        self.base.join(["m3u", token].into_iter().chain(parts.iter().map(String::as_str)))
    }

    /// The page of a file that somebody shares. The link comes from `flows::files`.
    pub fn shared(&self, link: &str) -> AbsoluteUrl {
        self.base.join(["d", link])
    }

    /// The bytes behind it. The name is for people and players; only the link is read.
    pub fn shared_file(&self, link: &str, name: &str) -> AbsoluteUrl {
        self.base.join(["d", link, name])
    }

    /// One of our own pictures.
    pub fn asset(&self, name: &str) -> AbsoluteUrl {
        self.base.join(["assets", name])
    }

    /// The address where a file plays. The path comes from `flows::people`.
    pub fn play(&self, path: &str) -> AbsoluteUrl {
        self.base.at(path)
    }

    /// A film as HLS, for any player. The link is sealed.
    pub fn playlist(&self, link: &str) -> AbsoluteUrl {
        self.base.join(["playlist", &format!("{link}.m3u8")])
    }

    /// A picture or a sound of it, by its name in addresses.
    pub fn track_playlist(&self, link: &str, track: &str) -> AbsoluteUrl {
        self.base.join(["playlist", link, &format!("{track}.m3u8")])
    }

    /// What begins the addresses of a track's parts: behind it come a slash and their names.
    pub fn track_parts(&self, link: &str, track: &str) -> AbsoluteUrl {
        self.base.join(["playlist", link, track])
    }

    /// The qualities that Telegram made of a film, as one stream.
    pub fn qualities(&self, link: &str) -> AbsoluteUrl {
        self.base.join(["renditions", link, "film.m3u8"])
    }

    /// The stream by which a player is tried out.
    pub fn test_stream(&self) -> AbsoluteUrl {
        self.base.join(["test-hls.m3u8"])
    }

    /// The file behind a link, as it is. The name is for people and players.
    pub fn file(&self, link: &str, name: &str) -> AbsoluteUrl {
        self.base.join(["dl", link, name])
    }

    /// The path of the page from which a person installs the addon, for redirects.
    pub fn install_path(&self, token: &str) -> String {
        format!("{}/stremio/{token}/configure", self.root)
    }

    /// The link of an invitation, which opens the bot in Telegram. `bot`: its name without `@`.
    pub fn invitation(&self, bot: &str, secret: &str) -> AbsoluteUrl {
        let telegram = AbsoluteUrl::parse("https://t.me").expect("it is an address");
        telegram.join([bot]).with_query("start", &format!("{JOIN}{secret}"))
    }

    /// The secret of an invitation, out of what its link made Telegram send behind `/start`.
    pub fn invitation_secret(parameter: &str) -> Option<&str> {
        parameter.strip_prefix(JOIN)
    }

    /// Whether only this machine can open our addresses, so that no phone can.
    pub fn is_loopback(&self) -> bool {
        self.base.is_loopback()
    }
}

fn owner_path(page: OwnerPage) -> String {
    match page {
        OwnerPage::Top => "/owner".to_owned(),
        OwnerPage::Review => "/owner/review".to_owned(),
        // Whatever becomes of the file: the review list has pages, and forgets what found its title.
        OwnerPage::Entry(id) => format!("/owner/title/movie/{}", ContentId::Entry(id)),
        OwnerPage::Channels => "/owner#channels".to_owned(),
        OwnerPage::People => "/owner#people".to_owned(),
        OwnerPage::Person(id) => format!("/owner#person-{id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_under_the_base_with_or_without_a_path_and_slash() {
        let id = EntryId::from_bytes([1; 12]);
        for (base, root) in [
            ("https://films.example.org", ""),
            ("https://films.example.org/", ""),
            ("https://example.org/cinema", "/cinema"),
            ("https://example.org/cinema/", "/cinema"),
            ("http://[::1]:8080", ""),
        ] {
            let addresses = Addresses::new(AbsoluteUrl::parse(base).expect("absolute"));
            let under = |path: &str| format!("{}{path}", base.trim_end_matches('/'));
            assert_eq!(addresses.root(), root, "{base}");
            assert_eq!(addresses.owner(OwnerPage::Top).as_str(), under("/owner"));
            assert_eq!(addresses.owner(OwnerPage::Review).as_str(), under("/owner/review"));
            assert_eq!(addresses.owner_path(OwnerPage::Entry(id)), format!("{root}/owner/title/movie/cinepost:{id}"));
            assert_eq!(addresses.owner_path(OwnerPage::Channels), format!("{root}/owner#channels"));
            assert_eq!(addresses.sign_in("T", OwnerPage::Top).as_str(), under("/owner/enter/T"));
            assert_eq!(
                addresses.sign_in("T", OwnerPage::Entry(id)).as_str(),
                under(&format!("/owner/enter/T?to={id}"))
            );
            assert_eq!(addresses.play("/dl/x").as_str(), under("/dl/x"));
            assert_eq!(addresses.m3u("T", &Playlist::Films).as_str(), under("/m3u/T/films.m3u8"));
            assert_eq!(addresses.install("T").configure().as_str(), under("/stremio/T/configure"));
        }
    }

    #[test]
    fn an_invitation_opens_the_bot() {
        let addresses = Addresses::new(AbsoluteUrl::parse("https://films.example.org").expect("absolute"));
        // As long as a secret gets: Telegram takes 64 letters, digits, _ and - behind `start=`.
        let secret = "a".repeat(43);
        let link = addresses.invitation("films_bot", &secret);
        assert_eq!(link.as_str(), format!("https://t.me/films_bot?start=join_{secret}"));
        let parameter = link.as_str().split_once("start=").expect("a parameter").1;
        assert!(parameter.len() <= 64);
        assert_eq!(Addresses::invitation_secret(parameter), Some(&*secret));
        assert_eq!(Addresses::invitation_secret(&secret), None);
    }

    #[test]
    fn anchors_are_read_back_and_nothing_else_is() {
        let id = EntryId::from_bytes([1; 12]);
        for page in [OwnerPage::Review, OwnerPage::Entry(id), OwnerPage::Channels] {
            assert_eq!(OwnerPage::from_anchor(&page.anchor().expect("one")), page);
        }
        for text in ["", "top", "//evil.example", "javascript:alert(1)", "review\r\nSet-Cookie: a=b"] {
            assert_eq!(OwnerPage::from_anchor(text), OwnerPage::Top, "{text}");
        }
    }
}
