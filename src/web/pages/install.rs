//! GET `/stremio/{token}/configure`: how to get the addon into Stremio, by link, buttons and QR code. Stremio's gear opens it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use qrcode::QrCode;
use qrcode::render::svg;

use super::{Frame, page};
use crate::domain::catalog::Counts;
use crate::domain::person::Person;
use crate::protocols::m3u::Playlist;
use crate::protocols::stremio::{AbsoluteUrl, Install};
use crate::web::auth::Viewer;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "install.html")]
struct InstallPage {
    frame: Frame,
    install: InstallCard,
    playlist: AbsoluteUrl,
    person: Person,
    counts: Option<Counts>,
}

/// The card with the link, the buttons and the QR code.
pub(super) struct InstallCard {
    pub(super) manifest: AbsoluteUrl,
    pub(super) open_app: AbsoluteUrl,
    pub(super) open_web: String,
    /// Stremio's apps make every `stremio://` address an https one, so the button is of use with https only.
    pub(super) is_https: bool,
    /// Leads to the page with the install button: phones open such an address from any camera. Empty for an address that
    /// leads a phone to itself.
    pub(super) qr: String,
}

impl InstallCard {
    pub(super) fn of(install: &Install) -> Self {
        Self {
            manifest: install.manifest(),
            open_app: install.open_app(),
            open_web: install.open_web(),
            is_https: install.base().is_https(),
            qr: match install.base().is_loopback() {
                true => String::new(),
                false => qr(&install.configure()),
            },
        }
    }
}

/// An address as a picture for a phone's camera, as SVG. Empty for one too long for any QR code, which is then text alone.
pub(super) fn qr(address: &AbsoluteUrl) -> String {
    let Ok(code) = QrCode::new(address.as_str()) else { return String::new() };
    let picture = code.render::<svg::Color>().min_dimensions(200, 200).build();
    // It stands inside HTML, where an XML declaration has no place.
    picture.split_once("?>").map_or_else(String::new, |(_, svg)| svg.to_owned())
}

pub async fn show(state: web::Data<State>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let install = InstallCard::of(&viewer.install);
    // Without the counts the page is still what was asked for.
    let counts = in_time(state.library.counts()).await.ok();
    let playlist = state.addresses.m3u(&state.people.token(&viewer.person), &Playlist::Films);
    page(StatusCode::OK, &InstallPage { frame: Frame::of(&state), install, playlist, person: viewer.person, counts })
}
