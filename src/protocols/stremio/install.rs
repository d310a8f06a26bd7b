//! One person's installation: the addresses that carry their token.

use super::AbsoluteUrl;

/// Where one person's addon lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    base: AbsoluteUrl,
    token: String,
}

impl Install {
    /// `base` is BASE_URL; the token comes from `accounts`.
    pub fn new(base: &AbsoluteUrl, token: &str) -> Self {
        Self { base: base.clone(), token: token.to_owned() }
    }

    /// The address that is pasted into Stremio's addon search field: `{base}/stremio/{token}/manifest.json`.
    pub fn manifest(&self) -> AbsoluteUrl {
        self.base.join(["stremio", &self.token, "manifest.json"])
    }

    /// The page that Stremio's gear opens, with the install button on it.
    pub fn configure(&self) -> AbsoluteUrl {
        self.base.join(["stremio", &self.token, "configure"])
    }

    /// The same manifest as an address that opens the app. Only an `https` base can be installed this way.
    pub fn open_app(&self) -> AbsoluteUrl {
        self.manifest().to_stremio()
    }

    /// Stremio in the browser, its install dialog opened. Takes `http` for this machine too.
    pub fn open_web(&self) -> String {
        format!("https://web.stremio.com/#/addons?addon={}", super::url::encode(self.manifest().as_str()))
    }

    /// The picture of whatever has no poster.
    pub fn no_poster(&self) -> AbsoluteUrl {
        self.base.join(["assets", "no-poster.png"])
    }

    pub fn base(&self) -> &AbsoluteUrl {
        &self.base
    }
}
