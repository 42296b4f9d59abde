//! Cookies: the session, what the last action led to, the theme.

use axum::http::{HeaderMap, HeaderValue, header};

use super::super::Console;

/// What the last action led to.
pub const FLASH: &str = "hf-told";
/// `light` or `dark`; none: as the device has it.
pub const THEME: &str = "hf-theme";

/// The name of the session's cookie. `__Host-` binds it to this host and to secure connections.
pub fn session(console: &Console) -> &'static str {
    if is_secure(console) { "__Host-hf" } else { "hf" }
}

fn is_secure(console: &Console) -> bool {
    console.settings.url.starts_with("https:")
}

/// Reads a cookie.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, value)| *known == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

/// Adds a cookie.
fn set(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Keeps the session for as long as the browser runs; the server ends it by its own clock.
pub fn set_session(headers: &mut HeaderMap, console: &Console, token: &str) {
    let secure = if is_secure(console) { "; Secure" } else { "" };
    set(headers, &format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", session(console)));
}

/// Ends the session in the browser.
pub fn clear_session(headers: &mut HeaderMap, console: &Console) {
    let secure = if is_secure(console) { "; Secure" } else { "" };
    set(headers, &format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}", session(console)));
}

/// Tells something on the next page. Letters, digits, `-`, `_`, `:` only.
pub fn set_flash(headers: &mut HeaderMap, told: &str) {
    let told: String = told.chars().filter(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).take(120).collect();
    set(headers, &format!("{FLASH}={told}; Path=/ops; Max-Age=60; HttpOnly; SameSite=Lax"));
}

/// Keeps a choice for a year.
pub fn set_theme(headers: &mut HeaderMap, theme: &str) {
    set(headers, &format!("{THEME}={theme}; Path=/ops; Max-Age=31536000; HttpOnly; SameSite=Lax"));
}

/// Takes a cookie of `/ops` away.
pub fn clear(headers: &mut HeaderMap, name: &str) {
    set(headers, &format!("{name}=; Path=/ops; Max-Age=0; HttpOnly; SameSite=Lax"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; hf-told=job-retried:3;b=2"));
        assert_eq!(read(&headers, FLASH).as_deref(), Some("job-retried:3"));
        assert_eq!(read(&headers, "told"), None);
    }

    #[test]
    fn a_flash_carries_nothing_but_its_key_and_numbers() {
        let mut headers = HeaderMap::new();
        set_flash(&mut headers, "a-b:3; Path=/\r\nX: <b>");
        let cookie = headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("hf-told=a-b:3PathX:b; Path=/ops;"), "{cookie}");
    }
}
