//! The words of a plain yes and a plain no, folded: lower case, no accents, no apostrophes.

/// What a phrase says to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Yes,
    No,
    /// Nothing of its own: thanks, please.
    Polite,
    /// "Book it": agrees to a booking.
    Book,
    /// "Cancel": agrees to a cancellation, refuses a booking.
    Cancel,
    /// "Keep it": refuses a cancellation.
    Keep,
    /// "Put me on the list": agrees to wait.
    Wait,
    /// "Move me": agrees to an exchange.
    Move,
}

/// Phrases by meaning, separated by commas.
pub(super) const PHRASES: &[(Meaning, &str)] = &[
    (Meaning::Yes, YES_IT),
    (Meaning::Yes, YES_EN),
    (Meaning::Yes, "👍, 👌, ✅, 🆗, ✔, ☑, 🙆, 💯"),
    (Meaning::No, NO_IT),
    (Meaning::No, NO_EN),
    (Meaning::No, "👎, ❌, 🚫, ✖, 🙅"),
    (Meaning::Book, BOOK),
    (Meaning::Cancel, CANCEL),
    (Meaning::Keep, KEEP),
    (Meaning::Wait, WAIT),
    (Meaning::Move, MOVE),
    (Meaning::Polite, POLITE),
    (Meaning::Polite, "🙏, 😊, 🙂, 😀, 😁, 😃, 😄, 😉, ☺, ❤, 🎉, 💪, 🥰, 😍, 🔥, 😘, 🤗, 🧘, 👏, 🙌"),
];

const YES_IT: &str = "
    si, sii, sisi, si si, certo, certo che si, certamente, ma certo, ma si, va bene, vabene, va benissimo,
    va bene cosi, vabbe, bene, benissimo, perfetto, perfetta, esatto, esattamente, giusto, confermo, conferma,
    confermato, confermata, confermiamo, confermo tutto, d accordo, daccordo, accetto, ottimo, volentieri,
    assolutamente, assolutamente si, come no, procedi, procedi pure, procediamo, proceda, fai pure, faccia pure,
    vai, vai pure, vada, andata, ci sto, ci sta, mi va bene, mi va benissimo, per me va bene, per me ok,
    va bene per me, mi sta bene, sta bene, affare fatto, dai, si dai, direi di si, sicuro, sicuramente, eccome,
    ovvio, ovviamente, naturalmente, senz altro, senza dubbio, e perfetto, tutto ok, tutto giusto, tutto bene,
    magnifico, fantastico, grandioso, super, lo voglio, la voglio
";

const YES_EN: &str = "
    yes, yess, yeah, yea, yep, yup, ya, y, aye, sure, sure thing, for sure, of course, certainly, absolutely,
    definitely, ok, okk, okay, okey, oki, k, kk, alright, all right, all good, fine, that s fine, thats fine,
    i m fine with that, that works, that works for me, works for me, works, sounds good, sounds great,
    sounds perfect, perfect, great, good, very good, correct, right, that s right, thats right, confirm, confirmed,
    i confirm, agreed, agree, i agree, i accept, accept, deal, go ahead, please go ahead, do it, go for it,
    let s do it, lets do it, please do, yes i do, i do, lovely, awesome, wonderful, brilliant, excellent, cool,
    i m in, im in, count me in, indeed, exactly, that s perfect, thats perfect, that s great, proceed, yes indeed,
    why not, looks good, lgtm
";

const NO_IT: &str = "
    no, noo, nono, no no, lascia stare, lascia perdere, lasci stare, lasci perdere, lasciamo stare,
    lasciamo perdere, niente, no niente, fa niente, fa nulla, non importa, non voglio, non la voglio,
    non lo voglio, non mi va, non mi va bene, non mi interessa, non confermo, non confermare, non va bene, non ora,
    non adesso, non piu, non posso, non posso piu, meglio di no, direi di no, per ora no, no per ora,
    per adesso no, ho cambiato idea, ci ho ripensato, preferisco di no, preferirei di no, rifiuto, anche no,
    assolutamente no, certo che no, ma no, no lascia, no va bene cosi, no grazie va bene cosi, no sto bene cosi,
    come non detto, no dai, neanche per sogno, nulla
";

const NO_EN: &str = "
    nope, nah, no way, n, not now, not yet, not today, never mind, nevermind, nvm, forget it, forget about it,
    stop, don t, dont, do not, please don t, please dont, i don t, don t do it, dont do it, i changed my mind,
    changed my mind, i ve changed my mind, not interested, i m not interested, i d rather not, rather not,
    i d prefer not to, leave it, not really, absolutely not, definitely not, of course not, certainly not,
    i don t want it, i don t want to, i dont want it, no i m good, i m good, no need, no i don t, not ok, not okay,
    not good, decline, reject
";

const BOOK: &str = "
    prenota, prenotami, prenoti, prenota pure, prenotiamo, prenotalo, prenotala, prenotamelo, prenotamela,
    puoi prenotare, prenotare, iscrivimi, segnami, si prenota, book, book it, book me, book me in, please book it,
    reserve it, reserve, sign me up, i ll take it, ill take it, put me down, book that, take it, lo prendo,
    la prendo, lo compro, la compro, compralo, compro, buy it, i ll buy it, ill buy it
";

const CANCEL: &str = "
    annulla, annullala, annullalo, annulla pure, annulli, annullare, annulla tutto, cancella, cancellala,
    cancellalo, cancella pure, cancellami, disdici, disdicila, disdici pure, disdire, cancel, cancel it,
    please cancel, cancel please, please cancel it, cancel that, drop it, cancel everything
";

const KEEP: &str = "
    non annullare, non annullarla, non cancellare, non cancellarla, non disdire, non disdirla, tienila, tienilo,
    tienimela, mantienila, mantieni, la tengo, lo tengo, lasciala, don t cancel, don t cancel it, dont cancel,
    dont cancel it, do not cancel, do not cancel it, keep it, i ll keep it, ill keep it, please keep it
";

const WAIT: &str = "
    mettimi in lista, mettimi in lista d attesa, in lista d attesa, lista d attesa, segnami in lista, aspetto, attendo,
    mi metto in lista, put me on the list, put me on the waiting list, put me on it, add me to the list,
    add me to the waiting list, waiting list, i ll wait, ill wait, i can wait
";

const MOVE: &str = "
    sposta, spostami, spostala, sposta pure, spostalo, spostiamo, spostiamola, cambia, cambiala, move it, move me,
    please move it, please move me, change it, switch it, switch me
";

const POLITE: &str = "
    grazie, grazie mille, grz, molte grazie, mille grazie, tante grazie, ti ringrazio, la ringrazio, per favore,
    per piacere, perfavore, pf, gentilmente, cortesemente, ciao, salve, allora, beh, mah, scusa, scusami, scusi,
    mi dispiace, mi spiace, pure, cosi, la prenotazione, prenotazione, il posto, la lezione, la mia prenotazione,
    please, pls, plz, thanks, thank you, thank you very much, thanks a lot, many thanks, thx, ty, cheers, hi,
    hello, then, sorry, i m sorry, for me, the booking, my booking, the class, it, so, oh, well, a lot, very much,
    so much, gentile, gentilissima, gentilissimo, a te, a lei, cara, caro
";
