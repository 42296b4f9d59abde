//! The frame around every screen.

use maud::{DOCTYPE, Markup, html};

use super::super::{
    Permission, assets,
    screen::{Screen, Section},
    visit::Visitor,
    words::Words,
};
use super::{icons, link, nav, parts};

/// The whole page.
pub fn draw(visitor: &Visitor, screen: &Screen, address: &str) -> Markup {
    let words = visitor.words();
    let theme = visitor.theme.as_deref().filter(|theme| matches!(*theme, "light" | "dark"));
    html! {
        (DOCTYPE)
        html lang=(visitor.language.code()) data-theme=[theme] {
            (head(visitor, screen))
            body data-live=[(screen.live && visitor.person.is_some()).then(|| format!("/ops/live?page={}", link::escape(address)))] {
                a.skip href="#main" { (words.say("skip")) }
                (bar(visitor))
                @if visitor.person.is_some() { (nav::menu(visitor, screen.section)) }
                main #main tabindex="-1" .narrow[screen.narrow] {
                    (flash(visitor))
                    h1 { (screen.title) }
                    (screen.body)
                }
                @if visitor.person.is_some() { (help(visitor)) }
            }
        }
    }
}

fn head(visitor: &Visitor, screen: &Screen) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="turbo-refresh-method" content="morph";
            meta name="turbo-refresh-scroll" content="preserve";
            // A page that is shown from memory first would tell old news.
            meta name="turbo-cache-control" content="no-cache";
            // To look at some pages is a line of the audit: a mouse that passes by is no look.
            meta name="turbo-prefetch" content="false";
            meta name="description" content=(visitor.words().say("description"));
            title { (screen.title) " · Holdfast " (visitor.console.settings.environment) }
            link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
            link rel="stylesheet" href=(assets::address("console.css")) data-turbo-track="reload";
            script src=(assets::address("turbo.js")) defer data-turbo-track="reload" {}
            script src=(assets::address("console.js")) defer data-turbo-track="reload" {}
        }
    }
}

fn bar(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    let environment = visitor.console.settings.environment.as_str();
    html! {
        header.bar {
            a.brand href=(if visitor.may(Permission::Look) { "/ops" } else { "/ops/why" }) { (icons::mark()) span { "Holdfast" } }
            span.environment .production[environment == "production"] { (environment) }
            @if visitor.may(Permission::Look) {
                form.find role="search" action="/ops/jobs" method="get" {
                    label.hidden for="find" { (words.say("find")) }
                    input #find type="search" name="q" placeholder=(words.say("find-hint")) autocomplete="off" spellcheck="false" data-key="/";
                }
            }
            @if let Some(person) = &visitor.person {
                span.pulse #pulse role="status" hidden { (words.say("live-paused")) }
                details.menu #me {
                    summary { (icons::icon("person")) span { (parts::said(&person.signed.account.name)) } }
                    div.pop {
                        p { strong { (parts::said(&person.signed.account.name)) } br; (words.term("role", person.signed.account.role.name())) }
                        a href="/ops/account" { (words.say("account")) }
                        (themes(words, visitor.theme.as_deref()))
                        a href="/ops/help" data-key="?" { (words.say("keys")) }
                        form method="post" action="/ops/sign-out" { button.quiet { (words.say("sign-out")) } }
                    }
                }
            }
        }
    }
}

fn themes(words: Words, now: Option<&str>) -> Markup {
    html! {
        form.themes method="post" action="/ops/theme" aria-label=(words.say("theme")) {
            @for theme in ["light", "dark", "auto"] {
                button.quiet name="theme" value=(theme) aria-pressed=(if now.unwrap_or("auto") == theme { "true" } else { "false" }) {
                    (words.say(&format!("theme-{theme}")))
                }
            }
        }
    }
}

/// What the last action led to: `key:number:number`.
fn flash(visitor: &Visitor) -> Markup {
    let Some(told) = &visitor.flash else { return html! {} };
    let mut told = told.split(':');
    let key = told.next().unwrap_or_default();
    // A cookie holds whatever somebody put in it.
    if !visitor.words().knows(&format!("told-{key}")) {
        return html! {};
    }
    let mut args = fluent_bundle::FluentArgs::new();
    for (name, number) in ["n", "m"].into_iter().zip(told.chain(["0", "0"])) {
        args.set(name, number.parse::<i64>().unwrap_or_default());
    }
    let bad = key.starts_with("no-");
    html! { p.flash .bad[bad] role="status" { (visitor.words().say_with(&format!("told-{key}"), &args)) } }
}

/// The keys, in a dialog that `?` opens.
fn help(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    html! {
        dialog #help aria-labelledby="help-title" {
            h2 #help-title { (words.say("keys")) }
            (keys(visitor))
            form method="dialog" { button { (words.say("close")) } }
        }
    }
}

/// Which key does what.
pub fn keys(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    let others = [
        ("/", "key-find"),
        ("j k", "key-move"),
        ("↵", "key-open"),
        ("x", "key-select"),
        ("r", "key-retry"),
        ("c", "key-cancel"),
        (".", "key-refresh"),
        ("?", "key-help"),
        ("Esc", "key-close"),
    ];
    html! {
        dl.keys {
            @for (key, word) in others { div { dt { kbd { (key) } } dd { (words.say(word)) } } }
            @for (key, place) in nav::keys(visitor) { div { dt { kbd { "g" } " " kbd { (key) } } dd { (place) } } }
        }
    }
}

/// A page of its own, for those without JavaScript.
pub fn help_screen(visitor: &Visitor) -> Screen {
    Screen::new(visitor.words().say("keys"), Section::None, html! { section.card { (keys(visitor)) } }).narrow()
}
