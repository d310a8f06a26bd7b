//! Links open as long as their terms allow, passwords are kept as hashes, names are ones that file systems take.

use proptest::prelude::*;

use super::*;
use crate::domain::post::{ChatId, DocumentId};
use crate::domain::secret::{Key, Purpose, SecretKey};
use crate::domain::telegram_id::Dc;

fn key(byte: u8) -> Key {
    SecretKey::from_bytes([byte; 32]).derive(Purpose::Share)
}

fn file(terms: Terms, bytes: u64) -> SharedFile {
    let volume = Volume { document: DocumentId(5), dc: Dc(2), size: 1000 };
    let content = Content {
        kind: FileKind::Video,
        mime: "video/mp4".to_owned(),
        volume,
        duration_secs: None,
        width: None,
        height: None,
        scanned: None,
    };
    let stored = PostRef { chat: ChatId::from_bare(1_500_000_001).expect("in range"), message: 7 };
    let served = Served { bytes, ..Served::default() };
    let (id, owner, name) = (FileId(3), PersonId::OWNER, "film.mp4".to_owned());
    SharedFile { id, owner, name, folder: None, content, stored, added: 0, terms, entry: None, served }
}

#[test]
fn terms_end_a_link() {
    let limited = |most| Terms { downloads: Some(DownloadLimit { most, after_bytes: 500 }), ..Terms::default() };
    let until = |end| Terms { expires: Some(end), ..Terms::default() };
    for (terms, sent, version, wanted) in [
        (Terms::default(), u64::MAX, 0, Ok(())),
        (Terms::default(), 0, 1, Err(Shut::Revoked)),
        (Terms { version: 4, ..Terms::default() }, 0, 3, Err(Shut::Revoked)),
        (until(101), 0, 0, Ok(())),
        (until(100), 0, 0, Err(Shut::Expired)),
        (limited(2), 0, 0, Ok(())),
        (limited(2), 2499, 0, Ok(())),
        (limited(2), 2500, 0, Err(Shut::UsedUp)),
        (limited(0), 500, 0, Err(Shut::UsedUp)),
    ] {
        assert_eq!(file(terms.clone(), sent).opens(version, 100), wanted, "{terms:?}");
    }
}

#[test]
fn a_link_has_the_same_short_text_for_ever() {
    let link = ShareLink { file: FileId(1), version: 0 };
    let text = link.seal(&key(7));
    // Written down: a change of the format would end every link that people sent each other.
    assert_eq!(text, "BHxdy6oZdkxl3M8Tliaj324BQLxbvfOLXAN");
    assert_eq!(ShareLink::open(&text, &key(7)), Ok(link));
    assert_eq!(ShareLink::open(&text, &key(8)), Err(ShareLinkError));
}

#[test]
fn the_proof_of_a_password_counts_for_its_link_and_for_a_while() {
    let link = ShareLink { file: FileId(9), version: 2 };
    let (password, other) =
        (Password::new("secret", [1; 16]).expect("one"), Password::new("secret", [2; 16]).expect("one"));
    let proof = Unlocked { link, until: 100 }.text(&password, &key(1));
    let counts = |text: &str, link, now| Unlocked::is_proof(text, link, &password, &key(1), now);
    assert!(counts(&proof, link, 99));
    assert!(!counts(&proof, link, 100), "over");
    assert!(!counts(&proof, ShareLink { version: 3, ..link }, 99), "another link");
    assert!(!Unlocked::is_proof(&proof, link, &other, &key(1), 99), "the password was set again");
    assert!(!counts(&proof, ShareLink { file: FileId(8), ..link }, 99), "another file");
    assert!(!Unlocked::is_proof(&proof, link, &password, &key(2), 99), "another key");
    for text in ["", "0", "é", &"A".repeat(100_000), &link.seal(&key(1))] {
        assert!(!counts(text, link, 0), "{}", text.len());
    }
}

#[test]
fn passwords_are_kept_as_hashes() {
    let password = Password::new("пароль 1", [3; 16]).expect("long enough");
    assert!(password.is("пароль 1") && !password.is("пароль 2") && !password.is(""));
    assert_ne!(password, Password::new("пароль 1", [4; 16]).expect("long enough"), "salted");
    assert_eq!(format!("{password:?}"), "***");
    assert!(!serde_json::to_string(&password).expect("text").contains("пароль"));
    assert_eq!(Password::new("abc", [0; 16]), Err(PasswordError::TooShort));
    assert_eq!(Password::new(&"x".repeat(201), [0; 16]), Err(PasswordError::TooLong));
    assert!(!password.is(&"x".repeat(1 << 20)));
}

#[test]
fn names_are_lines_that_file_systems_take() {
    for (given, wanted) in [
        ("  Filme ", Ok("Filme")),
        ("..", Err(NameError::Empty)),
        ("../../etc/passwd", Ok("_.._etc_passwd")),
        ("C:\\Films", Ok("C:_Films")),
        (" ", Err(NameError::Empty)),
        (&"x".repeat(121), Err(NameError::TooLong)),
    ] {
        assert_eq!(folder_name(given), wanted.map(str::to_owned), "{given:?}");
    }
    for (given, before, wanted) in [
        ("Night", "old.mkv", "Night.mkv"),
        ("Night.mp4", "old.mkv", "Night.mp4"),
        ("Mr. Night", "old.mkv", "Mr. Night.mkv"),
        ("Night", "no ending at all", "Night"),
        ("Night", ".hidden", "Night"),
    ] {
        assert_eq!(file_name(given, before).as_deref(), Ok(wanted), "{given} {before}");
    }
}

#[test]
fn kinds_have_names() {
    for kind in FileKind::ALL {
        assert_eq!(FileKind::named(kind.as_str()), Some(kind));
        assert_eq!(serde_json::to_value(kind).expect("text"), kind.as_str());
    }
    assert_eq!(FileKind::named("nonsense"), None);
}

proptest! {
    #[test]
    fn links_round_trip(file in any::<i64>(), version in any::<u16>()) {
        let link = ShareLink { file: FileId(file), version };
        let text = link.seal(&key(1));
        prop_assert!(text.len() <= 35);
        prop_assert_eq!(ShareLink::open(&text, &key(1)), Ok(link));
        prop_assert_eq!(ShareLink::open(&text, &key(2)), Err(ShareLinkError));
    }

    #[test]
    fn any_text_is_refused(text in "\\PC{0,60}", digits in "[0-9A-Za-z]{0,40}") {
        prop_assert_eq!(ShareLink::open(&text, &key(1)), Err(ShareLinkError));
        prop_assert_eq!(ShareLink::open(&digits, &key(1)), Err(ShareLinkError));
    }

    #[test]
    fn any_name_is_one_line(given in "\\PC{0,200}|[\\x00-\\x20\\./\\\\]{0,30}", before in "\\PC{0,20}") {
        if let Ok(name) = file_name(&given, &before) {
            prop_assert!(!name.chars().any(text::is_harmful) && !name.contains(['/', '\\']), "{:?}", name);
        }
    }
}
