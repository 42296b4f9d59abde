//! Words of studios, salons and clinics, in both languages. The catalogue decides what exists;
//! these only help to find the activity among the other words of a message.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::fuzzy::within_one_edit;
use super::token::Token;
use super::{numbers, stopwords};

/// Activities; those of several words are matched before those of one.
const ACTIVITIES: &str = "\
    yoga,ioga,hatha,vinyasa,ashtanga,yin yoga,hot yoga,power yoga,acroyoga,kundalini,nidra,pilates,reformer,\
    spinning,spin,indoor cycling,cycling,hiit,tabata,crossfit,cross training,functional,funzionale,\
    allenamento funzionale,functional training,circuit training,bootcamp,body pump,bodypump,body tone,\
    body combat,zumba,step,aerobica,aerobics,gag,total body,stretching,mobility,ginnastica,ginnastica dolce,\
    ginnastica posturale,posturale,antalgica,calisthenics,calistenia,trx,kettlebell,boxe,boxing,box,pugilato,\
    kickboxing,kick boxing,kick,muay thai,mma,judo,karate,taekwondo,jiu jitsu,capoeira,krav maga,self defence,\
    self defense,autodifesa,danza,danza classica,danza moderna,dance,ballet,balletto,hip hop,salsa,bachata,\
    tango,swing,pole dance,barre,meditazione,meditation,mindfulness,respirazione,breathwork,nuoto,swimming,\
    acquagym,aquagym,aqua gym,idrobike,hydrobike,sauna,bagno turco,hammam,spa,padel,tennis,arrampicata,climbing,\
    personal training,personal trainer,personal,sala pesi,taglio,taglio uomo,taglio donna,taglio capelli,\
    taglio e piega,piega,messa in piega,colore,tinta,meches,balayage,shatush,barba,haircut,hair cut,blow dry,\
    blowdry,colour,color,highlights,beard trim,shave,manicure,pedicure,unghie,nails,gel,semipermanente,\
    ricostruzione unghie,ceretta,waxing,epilazione,laser,pulizia viso,pulizia del viso,facial,trucco,make up,\
    makeup,sopracciglia,eyebrows,ciglia,lashes,laminazione,massaggio,massaggi,massage,massaggio rilassante,\
    massaggio decontratturante,linfodrenaggio,riflessologia,reflexology,shiatsu,fisioterapia,physiotherapy,\
    physio,osteopatia,osteopathy,osteopata,tecarterapia,tecar,agopuntura,acupuncture,logopedia,psicologo,\
    psicologa,psicoterapia,nutrizionista,dietologo,dietista,nutritionist,dermatologo,dentista,dentist,\
    igiene dentale,pulizia denti,visita,checkup,check up,pesi,weights,ceramica,pottery,pittura,painting,cucina,\
    cooking,canto,singing,chitarra,guitar,pianoforte,pilates reformer,prenatal yoga,yoga prenatale,\
    yoga in gravidanza,gravidanza,kids,bambini";
/// Words that narrow an activity when they stand beside it: "yoga dolce", "beginner pilates".
const QUALIFIERS: &str = "\
    dolce flow hatha vinyasa yin hot power gentle soft strong slow fast intensivo intensive avanzato advanced \
    beginner beginners principianti base intermedio prenatale prenatal posturale terapeutico rilassante \
    relaxing decontratturante sportivo sports deep tissue svedese swedish uomo donna men women bambino bambini \
    kids senior over reformer matwork mat aereo aerial viso corpo mani piedi face body";
/// Everyday words that are mended when they are one letter off.
const COMMON: &str = "\
    lunedi martedi mercoledi giovedi venerdi sabato domenica monday tuesday wednesday thursday friday saturday \
    sunday domani dopodomani stasera stamattina pomeriggio mattina settimana weekend tomorrow tonight today \
    morning afternoon evening prenotare prenotazione prenotazioni disdire cancellare annullare spostare cancel \
    booking reschedule";
/// Near misses that are words of their own, or names.
const APART: &str = "\
    domenico martina marco mattia martino today monda alba laser stretch cancer looking cooking banking boxer \
    mattine spostate sabati dance danze danza dancer valse prenotate evenings mornings personale persona \
    personali booking spinge visite vista massage massaggio massaggi mattino osteopata disdice disdico coloro \
    calore salsa tango barre barra visit visits packs pack tagli taglia rosa visto nato tosto pilota posta colori domando";

static BY_LENGTH: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let mut all: Vec<Vec<_>> = ACTIVITIES.split(',').map(|name| name.split_ascii_whitespace().collect()).collect();
    all.sort_by_key(|name| std::cmp::Reverse(name.len()));
    all
});
/// Words that need no mending.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [COMMON, APART, QUALIFIERS]
        .iter()
        .flat_map(|list| list.split_ascii_whitespace())
        .chain(single_activities())
        .collect()
});

/// The activities, longest first.
pub(super) fn activities() -> &'static [Vec<&'static str>] {
    &BY_LENGTH
}

/// Whether the word narrows an activity.
pub(super) fn is_qualifier(word: &str) -> bool {
    QUALIFIERS.split_ascii_whitespace().any(|known| known == word)
}

/// Mends slips of one letter in weekdays, common words, activities and `names` (of this
/// business, in lower case). The first letter must be right, and a capital inside a sentence is
/// left alone: it may be a person.
pub(super) fn mend(tokens: &mut [Token], names: &[String]) {
    for at in 0..tokens.len() {
        let token = &tokens[at];
        let may_be_person = at > 0 && token.is_capitalised() && tokens[at - 1].is_word();
        if token.text.len() < 5 || !token.is_word() || may_be_person || is_word(&token.text, names) {
            continue;
        }
        // Short activities are one letter away from too many other words.
        let activities = single_activities().filter(|word| word.len() > 5);
        let mut listed = COMMON.split_ascii_whitespace().chain(activities);
        let near = |target: &str| {
            target.as_bytes().first() == token.text.as_bytes().first() && within_one_edit(&token.text, target)
        };
        let found = listed.find(|target| near(target)).map(str::to_owned);
        let found = found.or_else(|| names.iter().find(|name| name.len() >= 5 && near(name)).cloned());
        if let Some(found) = found {
            tokens[at].text = found;
        }
    }
}

fn is_word(text: &str, names: &[String]) -> bool {
    WORDS.contains(text)
        || stopwords::is_stopword(text)
        || numbers::cardinal(&[text]).is_some()
        || numbers::ordinal(&[text]).is_some()
        || names.iter().any(|name| name == text)
}

fn single_activities() -> impl Iterator<Item = &'static str> {
    ACTIVITIES.split(',').flat_map(str::split_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::super::token::{texts, tokens};
    use super::*;

    fn mended(message: &str) -> String {
        let mut tokens = tokens(message);
        mend(&mut tokens, &["acrobatica".to_owned()]);
        texts(&tokens).join(" ")
    }

    #[test]
    fn slips_are_mended() {
        assert_eq!(mended("piltes marted tomorow"), "pilates martedi tomorrow");
        assert_eq!(mended("acrobtica vener"), "acrobatica vener");
        assert_eq!(mended("masaggio satuday"), "massaggio saturday");
    }

    #[test]
    fn people_and_other_words_are_left_alone() {
        assert_eq!(mended("con Domenico o Martina"), "con domenico o martina");
        assert_eq!(mended("posso cooking"), "posso cooking");
    }
}
