//! What browsers are told to refuse, and what is refused of browsers.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::Response,
};

/// Nothing but our own files; no script in the page itself, and no style but the one of Turbo's progress bar, by its hash.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-WAyOw4V+FqDc35lQPyRADLBWbuNK8ahvYEaQIYF1+Ps='; \
                      img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=()"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
];

/// Adds what every answer of the console carries. Browsers ignore `Strict-Transport-Security` without TLS (RFC 6797, 8.1).
pub(super) async fn headers(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Whether a page of ours sent this. Browsers say so in `Sec-Fetch-Site`; older ones name their page's `Origin`.
pub(super) fn is_ours(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let host = text(header::HOST);
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, named)| host == Some(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_ours(&Method::POST, &headers.collect())
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        assert!(asks(&[("sec-fetch-site", "same-origin")]));
        for site in ["cross-site", "same-site", "none"] {
            assert!(!asks(&[("sec-fetch-site", site), ("origin", "http://desk"), ("host", "desk")]), "{site}");
        }
        assert!(asks(&[("origin", "http://desk:8080"), ("host", "desk:8080")]));
        assert!(!asks(&[("origin", "http://evil"), ("host", "desk")]));
        assert!(!asks(&[("origin", "null"), ("host", "desk")]));
        assert!(!asks(&[("host", "desk")]));
        assert!(is_ours(&Method::GET, &HeaderMap::new()));
    }
}
