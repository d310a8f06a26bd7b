//! What stands between two words of a name.

/// What stands between two tokens: a set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap(u16);

impl Gap {
    pub const NONE: Self = Self(0);
    pub const SPACE: Self = Self(1);
    pub const DOT: Self = Self(2);
    pub const UNDERSCORE: Self = Self(4);
    pub const HYPHEN: Self = Self(8);
    pub const OPEN: Self = Self(16);
    pub const CLOSE: Self = Self(32);
    pub const COMMA: Self = Self(64);
    pub const PIPE: Self = Self(128);
    pub const SLASH: Self = Self(256);
    pub const PLUS: Self = Self(512);
    pub const TILDE: Self = Self(1024);
    pub const COLON: Self = Self(2048);
    pub const AMPERSAND: Self = Self(4096);
    /// Emoji, stars, bullets, quotes.
    pub const DECOR: Self = Self(8192);
    /// What parts words and nothing more.
    const BLANK: Self = Self(1 | 2 | 4);

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Nothing but the kinds of `allowed`.
    pub fn only(self, allowed: Self) -> bool {
        self.0 & !allowed.0 == 0
    }

    /// ` - `: a dash with blanks round it parts a name into sections.
    pub fn is_spaced_dash(self) -> bool {
        self.has(Self::HYPHEN) && self.has(Self::BLANK)
    }

    /// `-` alone, as in `x264-GRP` or `Spider-Man`.
    pub fn is_hyphen(self) -> bool {
        self == Self::HYPHEN
    }

    /// What may stand inside one expression: `WEB-DL`, `WEB DL`, `WEB.DL`, `WEBDL`.
    pub fn is_tight(self) -> bool {
        self.only(Self::BLANK.with(Self::HYPHEN)) && !self.is_spaced_dash()
    }

    /// Blanks only: space, dot, underscore.
    pub fn is_blank(self) -> bool {
        self.only(Self::BLANK)
    }

    pub fn is_bracket(self) -> bool {
        self.has(Self::OPEN.with(Self::CLOSE))
    }
}
