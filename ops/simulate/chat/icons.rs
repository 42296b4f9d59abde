//! Icons, drawn in place so that they take the colour of the text.

use maud::{Markup, html};

use crate::simulate::whatsapp::chats::Tick;

/// One tick or two, blue once read; with words for who cannot see them.
pub(crate) fn ticks(tick: Tick) -> Markup {
    let (class, words, paths) = match tick {
        Tick::Sent => ("tick", "sent", &["M4 8.5 7.5 12 14 4.5"][..]),
        Tick::Delivered => ("tick", "delivered", &["M1 8.5 4.5 12 11 4.5", "M9 11.5l.5.5L16 4.5"][..]),
        Tick::Read => ("tick seen", "read", &["M1 8.5 4.5 12 11 4.5", "M9 11.5l.5.5L16 4.5"][..]),
    };
    html! {
        svg class=(class) viewBox="0 0 17 16" width="17" height="16" aria-hidden="true" {
            @for path in paths { path d=(path) {} }
        }
        span.hidden { (words) }
    }
}

/// A paper plane.
pub(crate) fn send() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            path.solid d="M3 20.5v-6.2L12 12 3 9.7V3.5L22 12z" {}
        }
    }
}

/// Three lines of a list.
pub(crate) fn list() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {
            path d="M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01" {}
        }
    }
}

/// An arrow that turns back: a reply.
pub(crate) fn reply() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {
            path d="M9 6 3.5 11.5 9 17M4 11.5h9.5a6.5 6.5 0 0 1 6.5 6.5" {}
        }
    }
}

/// An arrow out of a box: a link.
pub(crate) fn link() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {
            path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5" {}
        }
    }
}

/// Two people: the list of phones.
pub(crate) fn people() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            circle cx="9" cy="8" r="3.5" {}
            path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 13.6a6.5 6.5 0 0 1 4 5.9" {}
        }
    }
}
