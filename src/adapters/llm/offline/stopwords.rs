//! Words that never name an activity, in both languages.

use std::collections::HashSet;
use std::sync::LazyLock;

const ITALIAN: &str = "\
    a abbigliamento acqua ad adatta adatto aggiungi aggiungimi agli ai al all alla alle allo allora amica amico \
    anche ancora andare andiamo andrebbe anni annulla annullare annullo anzi appena appuntamenti appuntamento \
    asciugamano attimo attivita avanti avere avete avrebbe avrei avremmo avreste basta ben bene benissimo buon \
    buona buonasera buongiorno c cambiare cancella cancellare cara caro casa caso centro certificato certo che \
    chi chiedere chiedo ci ciao circa classe classi col come comunque con conferma confermare confermo corsi \
    corso cosa cose cui d da dal dall dalla dalle dallo dammi dare darmi date degli dei del dell della delle \
    dello detto deve devo di dico dimmi dire dirmi disdetta disdici disdico disdire disdirla disponibile \
    disponibili disponibilita dite ditemi docce doccia domanda dopo dove due dunque e ecco ed elenco era \
    esserci essere eta fa facciamo faccio fai fare farei farla farlo fate fatta fatto figlia figlio finisce \
    fino fissa fissami fissare forse fosse fossi fra frequentare gentile gentilmente gia giorni giorno gli \
    gratis gratuita grazie ha hai hanno ho i il in info informazione informazioni inizia iniziare insieme \
    intanto intendevo intendo interessa interessata interessato interesserebbe invece io iscrivere iscrivermi \
    iscrivimi iscrizione l la lavoro le lei lezione lezioni li libera libere liberi libero livello lo loro ma \
    magari mai mamma mandami mandare mandate marito mattina me medico meglio meno mette mettere metteresti \
    mettermi mettetemi metti mettimi mi mia mie miei mio mo moglie molto mostrami mostrare n ne necessario \
    negli nei nel nell nella nelle nello no noi non nostra nostro numero nuova nuovo o obbligatorio occupato \
    oggi ogni ok oppure ora orari orario ore ottimo palestra parte partecipare passare per percaso perche \
    perfetto pero persona persone piace piacerebbe piu po poco poi pomeriggio portare possiamo possibile \
    possibilita possibilmente posso posti posto potete potrebbe potrei potremmo potreste preferirebbe \
    preferirei preferisco prego prendere prendi prendo prenota prenotami prenotare prenotarmi prenotazione \
    prenotazioni prenoti prenotiamo prenoto presto prima primo prossima prossimo prova provare puo puoi pure \
    qua qualche qualcosa qualcuno quale quali qualsiasi qualunque quando quanti quanto quasi quel quella quelle \
    quello qui quindi ragazza ragazzi ragazzo regalo riesci riesco rimasti rimasto riservare riusciamo \
    riuscirei s sa salone salve sapere sarebbe sarei scarpe scegli scelgo sconti sconto scusa scusami scusate \
    scusi se sede seduta sedute segna segnami segnare segnarmi segnate segnatemi sei sempre senta senti sentite \
    sera serve servirebbe servizi servizio settimana settimane si siamo siete signora solito solo sono spero \
    spogliatoi spogliatoio sposta spostare spostarla spostarlo sta staff stare studenti studio su sua subito \
    sul sulla suo t tanto tappetino te tempo ti tra trattamenti trattamento tre troppo trova trovare tu tua tuo \
    tutta tutte tutti tutto u un una uno va vai vedere vengo venire verrei verremmo verso vestiti vi vieni \
    vista vogliamo voglio voi volendo volentieri volessi volevamo volevo volta vorrei vorremmo vostra vostre \
    vostri vostro x";
const ENGLISH: &str = "\
    a able about actually add afraid after afternoon again age all already alright also am an and another any \
    anybody anyone anything anyway appointment appointments are around arrange as asap ask at attend attending \
    availability available away b back be been before best better bit book booked booking bookings both bring \
    but by bye came can cancel cancelling cannot cant center centre chance change changing check choose class \
    classes clothes come coming confirm cool could couple course courses d dear did different discount do does \
    doing don done dont drop each earlier early either else enough enrol enroll enrolled ever every everyone \
    everything fine first fit for free friend friends from full get getting gift give go going gonna good got \
    great group guess guys gym had happen has have having he hello help her here heres hey hi him his hold hope \
    hopefully hour hours how hows husband i id if ill im in info instead interested into is it its ive join \
    just keep kind know last late later least left less lesson lessons let lets level levels like list little \
    ll locker lockers look looking lot love lovely m made make many mat mats may maybe me mean might mind mine \
    minute minutes moment more morning most move much must my name need new next nice nine no nope not nothing \
    now number of off offer offering ok okay on one ones only open option or other our out over own part people \
    perhaps person place places plan planning please pls plz possible possibly prefer put question quick rather \
    re really register required reschedule reservation reserve reserved right room s said salon same saw say \
    schedule second see seems send service services session sessions set shall she shoes should show shower \
    showers sign signed slot slots so some somebody someone something sometime somewhere soon sorry space \
    spaces spot spots start starting starts still student students studio stuff such suitable suppose sure swap \
    t take taking tell than thank thanks that the their them then there theres these they thing things think \
    this those three thx till time times to today together tomorrow tonight too top towel towels training \
    treatment treatments trial try trying two u until up ur us usual ve very via voucher wait waiting wanna \
    want wanted wants was water way we wear well were what whats when where which while who whole why wife will \
    wish with within won wonder wondering work works would wouldn write yeah yep yes yet you your yours";

static ALL: LazyLock<HashSet<&str>> =
    LazyLock::new(|| [ITALIAN, ENGLISH].iter().flat_map(|list| list.split_ascii_whitespace()).collect());

/// Whether the word is one of these.
pub(super) fn is_stopword(word: &str) -> bool {
    ALL.contains(word)
}
