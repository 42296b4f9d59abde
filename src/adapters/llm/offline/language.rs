//! Which language a message is written in.

use domain::Language;

use super::token::Token;

/// Words that only one of the two languages has.
const ITALIAN: &str = "\
    ciao buongiorno buonasera salve vorrei voglio volevo vorremmo potrei posso puoi potete domani oggi \
    dopodomani stasera stamattina domattina stanotte ieri lunedi martedi mercoledi giovedi venerdi sabato \
    domenica prossimo prossima settimana mattina pomeriggio sera mezzogiorno alle dalle dal della delle del dei \
    degli nel nella il lo gli le un uno una di da con per che chi cosa come quando dove quanto quale quali \
    quanti perche anche ancora sono siete hai avete ho abbiamo fate faccio fare vengo venire riesco mi ti ci vi \
    mio mia mie tuo vostro vostri prenotare prenota prenotami prenotazione prenotazioni disdire disdici annulla \
    annullare cancellare cancella spostare sposta lezione lezioni corso corsi posto posti orari orario prezzo \
    prezzi costa costano grazie prego scusa scusate si va bene certo perfetto niente invece oppure anzi pero \
    dopo prima verso tra fra entro mezza quella quello primo seconda terzo questa questo questi alla allo ai \
    agli sul all dell nell gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre \
    dicembre giorno giorni ora ore taglio piega trattamento appuntamento lun mer gio ven sab quest due tre \
    lista attesa mettimi toglimi paga pago pagare ricevuta abbonamento abbonamenti pacchetto pacchetti ingressi \
    rimborso rimborsate quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette \
    diciotto diciannove venti";
const ENGLISH: &str = "\
    hi hello hey good morning afternoon evening night i im id ill want would like could can please tomorrow \
    today tonight yesterday monday tuesday wednesday thursday friday saturday sunday next this that week the an \
    of for with at on to from after before between around about what when where who which how much many is are \
    am my your you me we us have has do does did book booking bookings booked reserve cancel reschedule move \
    change class classes lesson sessions spot spots place timetable schedule price prices cost costs thanks \
    thank yes yeah yep sure not and or instead first second third one last later earlier past half quarter noon \
    midday pm oclock january february march april may june july august september october november december mon \
    tue wed thu fri sat sun day days hour hours haircut appointment sorry need it its there any anything \
    something get put sign up off help two three four five six seven eight nine ten eleven twelve thirty whats \
    waiting waitlist pay payment receipt membership memberships credits refund two whos tmrw";
/// Words of the other list that prove nothing, being common to both or to all.
const SHARED: &str = "me i an am it to do a la in on sei come ma per si";

/// The language of these words; `None` when they tell nothing, or as much of one as of the other.
pub(super) fn detect(tokens: &[Token]) -> Option<Language> {
    let (mut italian, mut english) = (0, 0);
    for token in tokens.iter().filter(|token| token.is_word()) {
        let weight = if is_in(SHARED, &token.text) { 1 } else { 3 };
        italian += weight * i32::from(is_in(ITALIAN, &token.text));
        english += weight * i32::from(is_in(ENGLISH, &token.text));
    }
    match italian.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::It),
        std::cmp::Ordering::Less => Some(Language::En),
        std::cmp::Ordering::Equal => None,
    }
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn messages_tell_their_language() {
        let cases = [
            ("vorrei yoga domani alle 7 di sera", Some(Language::It)),
            ("I want yoga tomorrow at 7pm", Some(Language::En)),
            ("c'è posto a pilates?", Some(Language::It)),
            ("any spots for pilates?", Some(Language::En)),
            ("ciao, book me yoga tomorrow please", Some(Language::En)),
            ("yoga 19:00", None),
            ("ok", None),
            ("yoga weekend", None),
            ("2", None),
        ];
        for (message, language) in cases {
            assert_eq!(detect(&tokens(message)), language, "{message}");
        }
    }
}
