//! Words that never name an activity, in both languages.

use std::collections::HashSet;
use std::sync::LazyLock;

const ITALIAN: &str = "a ad ai al all alla alle allo agli anche ancora anzi appena appuntamenti appuntamento attimo avanti avere avete avrei \
    avremmo avrebbe avreste basta ben bene buon buona buongiorno buonasera c cambiare caso cara caro certo che chi chiedere chiedo ciao \
    ci circa classe classi col come con conferma confermo confermare corsi corso cosa cose cui d da dal dall dalla dalle dallo degli dei del \
    dell della delle dello detto devo deve di dico dimmi dire disponibile disponibili disponibilita domanda dopo dove due dunque e \
    ecco ed era essere fa faccio facciamo fai fare farei farla farlo fate fino fissare forse fra fossi frequentare gentilmente gia gli grazie ha \
    hai hanno ho i il in info informazione informazioni insieme intanto interessa interessata interessato interesserebbe invece io iscrivere iscrivermi \
    iscrivimi iscrizione l la le lei lezione lezioni li libera libere liberi libero lo loro ma magari mai me meglio meno mette metti mettere mettermi mettimi mi mia \
    mie miei mio mo molto n ne nel nell nella nelle nello negli nei no noi non nostra nostro numero o occupato ogni ok oggi ora orari orario oppure ore \
    parte partecipare passare per percaso perche perfetto pero persona persone piacerebbe piace piu po poi poco possibile possibilita posso \
    possiamo posto posti potete potrei potreste potremmo potrebbe prego prendere prendi prendo prenota prenotare prenotarmi prenotazione prenotazioni prenoti prenotiamo \
    prenotami prenoto presto primo prima prossima prossimo provare puo puoi pure qua quale quali qualche qualcosa qualcuno quando quanti quanto quasi quel quella quelle quello qui \
    quindi ragazzi riesco riesci riuscirei riusciamo rimasto rimasti riservare s sa salve sapere sarebbe sarei scusa scusami scusate scusi se seduta sedute segna segnami segnare segnate \
    segnarmi segnatemi sei sempre sera serve servirebbe si siamo siete signora solito solo sono spero sta stare su sua subito suo sul sulla t tanto te tempo ti tra tre troppo \
    trova trovare tu tua tuo tutta tutte tutti tutto u un una uno va vai vedere vengo venire verrei verremmo verso vi vieni vista vogliamo voglio voi volendo volentieri \
    volessi volevo volevamo volta vorrei vorremmo vostra vostre vostri vostro x andrebbe andare andiamo benissimo ottimo iniziare inizia finisce orari fosse \
    fatto fatta fissami fissa aggiungi aggiungimi mettetemi metteresti possibilmente comunque allora senti senta sentite intendo intendevo scegli scelgo preferisco preferirei preferirebbe \
    amica amico marito moglie figlia figlio ragazza ragazzo mamma attivita attivita lavoro casa giorno giorni settimana settimane mattina pomeriggio qualsiasi qualunque \
    nuova nuovo gentile staff studio palestra salone centro sede esserci trattamento trattamenti servizio servizi disdire annullare cancellare spostare \
    disdico annullo disdici annulla cancella sposta spostarla spostarlo disdirla disdetta prova seduta gratuita gratis portare tappetino asciugamano doccia docce spogliatoio spogliatoi acqua scarpe vestiti abbigliamento sconto sconti studenti regalo certificato medico \
    eta anni adatto adatta livello necessario obbligatorio mandare mandami mandate dammi date dare darmi dirmi ditemi dite mostrami mostrare elenco";
const ENGLISH: &str = "a able about actually add afraid after afternoon again all already also alright am an and another any anyone anything anyway appointment appointments \
    are around as ask at availability available away b back be been before best better bit book booked booking bookings both but by bye came can cancel cancelling \
    cannot chance change check choose class classes come coming confirm could couple cool course courses cant d dear did different do does doing don done dont each early earlier either \
    else enough ever every everything fine first fit for free friend friends from full get getting give go going gonna good got great group guess guys had happen \
    has have having he hello help her here hey hi him his hold hope hour hours how husband i if ill im in info instead interested into is it its ive join just keep kind know last late \
    later least left less lesson lessons let lets like list little ll look looking lot love lovely m made make many may maybe me mean might mind mine minute minutes moment more \
    morning most move much must my name need new next nice nine no nope not nothing now number of off offer offering ok okay on one ones only open option or other our out over part people perhaps \
    person place places plan please pls plz possible prefer put question quick rather re really register reserve reschedule reservation right room s said same saw say schedule second see \
    seems send session sessions set shall she should show sign slot slots so some someone something sometime somewhere soon sorry space spaces spot spots start starting starts still stuff \
    such suppose sure swap t take taking tell than thank thanks that the their them then there these they thing things think this those three thx till time times to today together tomorrow \
    too top training try trying two u until up ur us usual ve very via wanna want wanted wants was way we well were what whats when where which while who whole why wife will wish \
    with within won wonder wondering work works would wouldn write yeah yep yes yet you your yours s d ll re asap attend attending possibly hopefully class arrange planning treatment treatments \
    service services studio gym salon centre center ive id theres heres how hows any anybody somebody everyone free trial bring wear own mat mats towel towels shower showers locker lockers changing water shoes clothes wait waiting gift voucher discount student students age suitable level levels required drop signed enroll enrol enrolled list reserve reserved tonight";

static ALL: LazyLock<HashSet<&str>> =
    LazyLock::new(|| [ITALIAN, ENGLISH].iter().flat_map(|list| list.split_ascii_whitespace()).collect());

/// Whether the word is one of these.
pub(super) fn is_stopword(word: &str) -> bool {
    ALL.contains(word)
}
