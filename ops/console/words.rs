//! Every word of the console, in Italian and English: one Fluent file a screen and language.

use std::sync::LazyLock;

use domain::Language;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

type Catalog = FluentBundle<FluentResource>;

/// The files of both languages, side by side.
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        const FILES: &[(&str, &str, &str)] = &[
            $(($name, include_str!(concat!("words/it/", $name, ".ftl")), include_str!(concat!("words/en/", $name, ".ftl")))),+
        ];
    };
}
files!(
    "access",
    "audit",
    "breakers",
    "bulk",
    "dead",
    "effects",
    "health",
    "jobs",
    "queues",
    "schedules",
    "shell",
    "staff",
    "tenants",
    "webhooks",
    "why"
);

static IT: LazyLock<Catalog> = LazyLock::new(|| parse(Language::It));
static EN: LazyLock<Catalog> = LazyLock::new(|| parse(Language::En));

/// A broken entry is left out here and fails a test: a catalogue is part of the binary.
fn parse(language: Language) -> Catalog {
    let mut catalog = FluentBundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
    // The page isolates what it is given by `<bdi>`.
    catalog.set_use_isolating(false);
    for (_, it, en) in FILES {
        let source = match language {
            Language::It => it,
            Language::En => en,
        };
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(readable, _)| readable);
        catalog.add_resource_overriding(resource);
    }
    catalog
}

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Words(pub Language);

impl Words {
    /// The message `key`.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.say_with(key, &FluentArgs::new())
    }

    /// The message `key` with a number.
    #[must_use]
    pub fn count(self, key: &str, n: i64) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n);
        self.say_with(key, &args)
    }

    /// The message `key` with these texts.
    #[must_use]
    pub fn with(self, key: &str, texts: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            args.set(*name, *text);
        }
        self.say_with(key, &args)
    }

    /// The message `key` with its placeables filled; the key itself where there is none.
    #[must_use]
    pub fn say_with(self, key: &str, args: &FluentArgs<'_>) -> String {
        let catalog: &Catalog = match self.0 {
            Language::It => &IT,
            Language::En => &EN,
        };
        let Some(pattern) = catalog.get_message(key).and_then(|message| message.value()) else {
            debug_assert!(false, "no message {key} in {}", self.0);
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = catalog.format_pattern(pattern, Some(args), &mut errors);
        debug_assert!(errors.is_empty(), "message {key} in {}: {errors:?}", self.0);
        text.into_owned()
    }

    /// Whether there is a message `key`.
    #[must_use]
    pub fn knows(self, key: &str) -> bool {
        let catalog: &Catalog = match self.0 {
            Language::It => &IT,
            Language::En => &EN,
        };
        catalog.has_message(key)
    }

    /// The word for a state, a verb or another term of the engine: `prefix-term`; the term itself where nobody has
    /// translated it.
    #[must_use]
    pub fn term(self, prefix: &str, term: &str) -> String {
        let key = format!("{prefix}-{}", term.replace('_', "-"));
        if self.knows(&key) { self.say(&key) } else { term.replace('_', " ") }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The messages of a file with the placeables they take.
    fn messages(source: &str) -> BTreeMap<String, Vec<String>> {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        drop(resource);
        let mut found = BTreeMap::new();
        let mut last = String::new();
        for line in source.lines() {
            if let Some((key, _)) = line.split_once(" =")
                && !line.starts_with([' ', '#'])
            {
                key.clone_into(&mut last);
                assert!(found.insert(last.clone(), Vec::new()).is_none(), "{key} is there twice");
            }
            let placeables: &mut Vec<String> = found.entry(last.clone()).or_default();
            placeables.extend(
                line.split('$').skip(1).map(|rest| rest.split([' ', '}', ',']).next().unwrap_or_default().to_owned()),
            );
        }
        // What stands before the first key: the file's own comment.
        found.remove("");
        for placeables in found.values_mut() {
            placeables.sort_unstable();
            placeables.dedup();
        }
        found
    }

    #[test]
    fn both_languages_say_the_same() {
        for (name, it, en) in FILES {
            assert_eq!(messages(it), messages(en), "{name}.ftl");
        }
    }

    #[test]
    fn no_key_is_in_two_files() {
        let mut all = BTreeMap::new();
        for (name, it, _) in FILES {
            for key in messages(it).into_keys() {
                assert_eq!(all.insert(key.clone(), *name), None, "{key} is also in {name}.ftl");
            }
        }
    }
}
