//! Asking for a place in a waiting list, in so many words.

use super::split;

/// What a customer says who wants to be put there: a word, or two in a row.
const VERBS: &str = "
    mettimi, mettici, mettetemi, metteteci, mettermi, metterci, mi metti, ci metti, mi metta, mi metto, mi mettete, segnami,
    segnaci, segnatemi, segnarmi, mi segni, inseriscimi, inseriteci, inserirmi, mi inserisci, aggiungimi, aggiungici,
    aggiungermi, mi aggiungi, iscrivimi, iscrivermi, mi iscrivi, put me, put us, add me, add us, get me, sign me, sign us,
    place me, join
";
/// What a list is called.
const LISTS: [&str; 4] = ["lista", "waitlist", "list", "coda"];
/// Said before the verb, they turn it around.
const NEGATIONS: [&str; 7] = ["non", "not", "don", "dont", "never", "without", "senza"];
/// At most so many words lie between the verb and the list, and between a negation and the verb.
const NEAR: usize = 4;

/// Whether the customer asks to be put on a waiting list. A question whether one could be is none.
#[must_use]
pub fn asks_to_wait(text: &str) -> bool {
    if text.contains('?') {
        return false;
    }
    let words = split(text);
    let lists = (0..words.len()).filter(|at| LISTS.contains(&words[*at].as_str()));
    lists.into_iter().any(|list| (list.saturating_sub(NEAR + 2)..list).any(|at| asks(&words[..list], at)))
}

/// Whether the words from `at` on begin with a verb that nothing before it turns around.
fn asks(words: &[String], at: usize) -> bool {
    let begins = |verb: &str| verb.split(' ').zip(&words[at..]).filter(|(verb, word)| verb == word).count();
    let is_verb = VERBS.split(',').map(str::trim).any(|verb| begins(verb) == verb.split(' ').count());
    is_verb && !words[at.saturating_sub(NEAR)..at].iter().any(|word| NEGATIONS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_to_wait_is_heard() {
        for text in [
            "put me on the waiting list for yoga tomorrow at 7pm",
            "Please add me to the waitlist for pilates",
            "I'd like to join the wait list for boxing on Friday",
            "mettimi in lista d'attesa per yoga domani alle 19",
            "ok, allora segnami pure nella lista d’attesa",
            "vorrei mettermi in lista per domani",
        ] {
            assert!(asks_to_wait(text), "{text}");
        }
    }

    #[test]
    fn nobody_else_is() {
        for text in [
            "yoga tomorrow at 7pm",
            "take me off the waiting list",
            "toglimi dalla lista d'attesa",
            "non mettermi in lista d'attesa",
            "don't put me on the waiting list, please",
            "can you put me on the waiting list?",
            "am I on the waiting list",
            "mi hai messo in lista d'attesa",
            "put me down for yoga",
            "",
        ] {
            assert!(!asks_to_wait(text), "{text}");
        }
    }
}
