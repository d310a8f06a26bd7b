//! An address as a picture in a terminal, for a phone's camera.

use crate::protocols::stremio::AbsoluteUrl;

/// A QR code in half blocks, light on dark as terminals are, with the quiet zone that scanners need and a line of words. Empty
/// for addresses that no phone can open, and for those that are too long.
pub fn qr(url: &AbsoluteUrl) -> String {
    if url.is_loopback() {
        return String::new();
    }
    let Ok(code) = qrcode::QrCode::with_error_correction_level(url.as_str(), qrcode::EcLevel::L) else {
        return String::new();
    };
    let picture = code
        .render::<qrcode::render::unicode::Dense1x2>()
        .dark_color(qrcode::render::unicode::Dense1x2::Light)
        .light_color(qrcode::render::unicode::Dense1x2::Dark)
        .build();
    format!("{picture}\nThe install link for a phone's camera is above.\n\n")
}
