//! The Fluent catalogues, parsed once.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::Language;

type Catalog = FluentBundle<FluentResource>;

static IT: LazyLock<Catalog> = LazyLock::new(|| parse(Language::It, include_str!("it.ftl")));
static EN: LazyLock<Catalog> = LazyLock::new(|| parse(Language::En, include_str!("en.ftl")));

/// A broken entry is left out here and fails a test: a catalogue is part of the binary.
fn parse(language: Language, source: &str) -> Catalog {
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _errors)| readable);
    // The locale chooses the plural rules.
    let locale = language.code().parse().unwrap_or_default();
    let mut catalog = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks around placeables show up as boxes on some phones.
    catalog.set_use_isolating(false);
    catalog.add_resource_overriding(resource);
    catalog
}

/// The message `key` in a language.
pub(super) fn say(language: Language, key: &str) -> String {
    say_with(language, key, &FluentArgs::new())
}

/// The message `key` in a language, with its placeables filled.
pub(super) fn say_with(language: Language, key: &str, args: &FluentArgs<'_>) -> String {
    let catalog: &Catalog = match language {
        Language::It => &IT,
        Language::En => &EN,
    };
    let Some(pattern) = catalog.get_message(key).and_then(|message| message.value()) else {
        debug_assert!(false, "no message {key} in {language}");
        return String::new();
    };
    let mut errors = Vec::new();
    let text = catalog.format_pattern(pattern, Some(args), &mut errors);
    debug_assert!(errors.is_empty(), "message {key} in {language}: {errors:?}");
    text.into_owned()
}

/// Arguments of a message: `args! { "name" => value }`.
macro_rules! args {
    ($($name:literal => $value:expr),+ $(,)?) => {{
        let mut args = fluent_bundle::FluentArgs::new();
        $(args.set($name, $value);)+
        args
    }};
}
pub(super) use args;
