//! What Stremio's gear opens: the install link, as text, buttons and QR code.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use qrcode::QrCode;
use qrcode::render::svg;

use super::{Frame, explained, page};
use crate::domain::catalog::Counts;
use crate::domain::person::Person;
use crate::protocols::stremio::{AbsoluteUrl, Install};
use crate::web::State;
use crate::web::auth::{self, within_patience};

#[derive(Template)]
#[template(path = "install.html")]
struct ConfigurePage {
    frame: Frame,
    install: InstallCard,
    person: Person,
    counts: Option<Counts>,
}

/// How to get the addon into Stremio.
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
fn qr(address: &AbsoluteUrl) -> String {
    let Ok(code) = QrCode::new(address.as_str()) else { return String::new() };
    let picture = code.render::<svg::Color>().min_dimensions(200, 200).build();
    // It stands inside HTML, where an XML declaration has no place.
    picture.split_once("?>").map_or_else(String::new, |(_, svg)| svg.to_owned())
}

/// GET `/stremio/{token}/configure`: what Stremio's gear opens, and the QR code.
pub async fn configure(state: web::Data<State>, token: web::Path<String>) -> HttpResponse {
    let result = async {
        let person = auth::person(&state, &token).await?;
        let install = InstallCard::of(&state.addresses.install(&token));
        // Without the counts the page is still what was asked for.
        let counts = within_patience(state.library.counts()).await.ok();
        page(StatusCode::OK, &ConfigurePage { frame: Frame::of(&state), install, person, counts })
    };
    explained(&state, result.await)
}
