//! A text as a QR code for a terminal: two rows of squares in a line of half blocks. Sets its own black and white, so
//! that it looks the same on dark and on light backgrounds.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The code, without a line end; none if it is wider than `width` columns or the text is too long. Without `colour`, it
/// is meant for a dark terminal.
pub fn qr(text: &str, colour: bool, width: usize) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    // The quiet zone on both sides.
    if code.width() + 8 > width {
        return None;
    }
    // A full block is the drawn colour: black on white, or otherwise the terminal's light colour for white.
    let (dark, light) = (Dense1x2::Dark, Dense1x2::Light);
    let (dark, light) = if colour { (dark, light) } else { (light, dark) };
    let image = code.render::<Dense1x2>().dark_color(dark).light_color(light).build();
    if !colour {
        return Some(image);
    }
    let lines: Vec<String> = image.lines().map(|line| format!("\u{1b}[38;5;16;48;5;231m{line}\u{1b}[0m")).collect();
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_not_shown() {
        assert!(qr("https://example.com", true, 32).is_none());
        assert!(qr("https://example.com", true, 33).is_some());
        assert!(qr(&"x".repeat(9_000), true, 9_000).is_none());
    }

    #[test]
    fn every_line_brings_its_colours_or_is_plain() {
        let coloured = qr("https://example.com", true, 80).unwrap();
        assert!(
            coloured.lines().all(|line| line.starts_with("\u{1b}[38;5;16;48;5;231m") && line.ends_with("\u{1b}[0m"))
        );
        let plain = qr("https://example.com", false, 80).unwrap();
        assert!(plain.lines().all(|line| line.chars().count() == 33 && line.chars().all(|it| " ▀▄█".contains(it))));
        assert!(plain.starts_with("█████"), "the quiet zone is light");
    }
}
