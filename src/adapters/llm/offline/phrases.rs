//! How customers say what they want. A comma parts phrases; `*` ends a stem; apostrophes are
//! spaces, accents are gone.

use super::intent::Intent;

/// Phrases of every purpose.
pub(super) const ALL: &[(Intent, &str)] = &[
    (Intent::Greeting, GREETING),
    (Intent::Thanks, THANKS),
    (Intent::Yes, YES),
    (Intent::Fine, FINE),
    (Intent::No, NO),
    (Intent::Help, HELP),
    (Intent::Human, HUMAN),
    (Intent::Cancel, CANCEL),
    (Intent::Move, MOVE),
    (Intent::Refund, REFUND),
    (Intent::MyBookings, MY_BOOKINGS),
    (Intent::Queue, QUEUE),
    (Intent::Pay, PAY),
    (Intent::Receipt, RECEIPT),
    (Intent::Plans, PLANS),
    (Intent::Buy, BUY),
    (Intent::Timetable, TIMETABLE),
    (Intent::Crew, CREW),
    (Intent::Business, BUSINESS),
    (Intent::Info, INFO),
    (Intent::Prices, PRICES),
    (Intent::Locations, LOCATIONS),
    (Intent::Book, BOOK),
    (Intent::Want, WANT),
];
/// How a message begins that goes on from the one before.
pub(super) const CONTINUING: &str = "\
    e,ed,o,oppure,invece,anzi,ma,and,or,instead,but,what about,how about,no,meglio,actually,piuttosto,rather,\
    make it,si ma,yes but";
/// How a question begins.
pub(super) const ASKING: &str = "\
    chi,cosa,come,quando,dove,perche,quanto,quale,quali,posso,puoi,potete,fate,avete,siete,devo,what,when,where,\
    who,how,why,which,do,does,is,are,can,could,should,will";

const GREETING: &str = "\
    ciao,salve,buongiorno,buon giorno,buonasera,buona sera,buon pomeriggio,buondi,hello,hi,hey,hiya,\
    good morning,good afternoon,good evening,👋";
const THANKS: &str = "\
    grazie,grazie mille,mille grazie,ti ringrazio,vi ringrazio,gentilissim*,thanks,thank you,thank u,thx,ty,\
    cheers,🙏,❤,arrivederci,bye,goodbye,a presto,a domani,a dopo,see you,buona giornata,buona serata,have a nice day";
const YES: &str = "\
    si,yes,yeah,yep,yup,esatto,confermo,certo,certamente,volentieri,of course,please do,go ahead,procedi,\
    d accordo,assolutamente,sure,👍,✅";
const FINE: &str = "ok,okay,va bene,perfetto,perfect,great,ottimo,benissimo,sounds good,good,fine,cool,👌,nice,bene";
const NO: &str = "\
    no,nope,nah,niente,lascia stare,lascia perdere,non importa,never mind,nevermind,forget it,fa niente,\
    non mi interessa,👎,not now,non ora";
const HELP: &str = "\
    aiuto,aiutami,help,help me,cosa sai fare,cosa puoi fare,che sai fare,what can you do,come funzion*,\
    how does this work,how do you work,how does it work,menu,istruzioni,comandi";
const HUMAN: &str = "\
    operatore,persona vera,parlare con una persona,parlare con qualcuno,parlare con lo staff,parlare con voi,\
    un umano,umano,human,real person,actual person,talk to someone,speak to someone,talk to a person,\
    speak to a person,speak with someone,speak with a person,talk to the staff,speak to the staff,receptionist,\
    segreteria,fattura,fatture,fatturazione,invoice,invoices,richiamare,call me,chiamatemi,mi chiamate";
const CANCEL: &str = "\
    disdi*,disdett*,annull*,cancell*,cancel,cancels,non posso venire,non posso piu,non riesco a venire,\
    non riesco piu,non riusciro,non vengo,non voglio piu,non mi serve piu,no longer want,non verro,non potro,\
    non posso esserci,non ci saro,non posso partecipare,can t make,cant make,cannot make,can not make,\
    won t make,wont make,won t be able,can t come,cant come,cannot come,can t attend,not coming,\
    not going to make,drop my,remove my,rinunci*,toglimi,togliermi,eliminare,elimina,call off,unbook,\
    devo saltare";
const MOVE: &str = "\
    spost*,riprogramm*,posticip*,anticip*,rimand*,cambiare orario,cambiare l orario,cambiare giorno,\
    cambiare la prenotazione,cambiare prenotazione,cambia la mia,cambiare la mia,modificare la prenotazione,\
    modificare prenotazione,modificare la mia,reschedul*,move my,move it,change my,change the time of my,\
    swap my,postpone,rebook,push my,switch my,bring forward";
const REFUND: &str = "\
    quanto mi rimbors*,mi rimborsate,mi rimborsi,rimborsatemi,quanto mi restitui*,mi restituite,cosa mi torna,\
    quanto mi torna,mi tornano,quanto riavr*,cosa riavr*,riavere i soldi,riavere i miei soldi,soldi indietro,\
    voglio il rimborso,vorrei il rimborso,voglio un rimborso,vorrei un rimborso,avrei il rimborso,avrei un rimborso,\
    ho diritto al rimborso,ho diritto a un rimborso,avrei diritto al rimborso,do i get back,would i get back,i get back,\
    will i get back,get my money back,my money back,money back,i get a refund,get a refund,want a refund,like a refund,\
    my refund,refund me,how much refund,refund if i,how much of a refund";
const QUEUE: &str = "\
    lista d attesa,lista di attesa,liste d attesa,liste di attesa,in lista,dalla lista,nella lista,in coda,\
    waiting list*,waitlist*,wait list*,waiting - list,on the list,off the list,in the queue";
const PAY: &str = "\
    pay,paying,pago,paga,pagare,paghiamo,pagarla,pagarlo,pagarle,pagamento,payment,link per pagare,\
    link di pagamento,payment link,mandami il link,mi mandi il link,inviami il link,mandatemi il link,\
    send me the link,send the link,con la carta,con carta,by card,carta di credito,credit card,debit card,saldare,\
    settle up,settle my";
const RECEIPT: &str = "ricevuta,ricevute,receipt,receipts,scontrino,scontrini";
const PLANS: &str = "\
    abbonament*,membership*,subscription*,pacchett*,pack,packs,package,packages,bundle*,carnet,tessera,tessere,\
    ingressi,credits,crediti,visits,class pass,class passes,season ticket,punch card,abbonarmi,mi abbono,abbonarci,\
    mi restano,mi rimangono,classes left,lezioni rimaste,become a member,visit pack,visit - pack";
const BUY: &str = "\
    compr*,acquist*,buy,buying,purchas*,prendo,prendere,prenderei,vorrei,voglio,volevo,i want,we want,i d like,\
    id like,would like,i ll take,ill take,i ll have,can i get,can i have,could i get,could i have,mi serve,i need,\
    sottoscriv*,abbonarmi,mi abbono,abbonarci,attiva*,become a member,rinnov*,renew*,mi dai,mi date,give me";
const MY_BOOKINGS: &str = "\
    mie prenotazioni,mia prenotazione,le prenotazioni,prenotazioni,cosa ho prenotato,che ho prenotato,\
    ho prenotato,ho gia prenotato,ho prenotazioni,ho una prenotazione,ho lezioni,ho lezione,my booking*,\
    my class*,my reservation*,my appointment*,my session*,my lesson*,mio appuntamento,miei appuntamenti,\
    mie lezioni,mia lezione,mio corso,miei corsi,have i booked,did i book,am i booked,what have i,\
    am i signed up,am i registered,sono prenotat*,la prossima lezione,mia prossima,my next,sono iscritt*,sono segnat*,risulto,che lezioni ho,\
    a che ora ho,quando ho,what do i have,when do i have,do i have any,do i have a,do i have anything,\
    ho qualcosa,i have booked,i booked";
const TIMETABLE: &str = "\
    orari,orario,programma,programmazione,calendario,palinsesto,che corsi,quali corsi,che lezioni,quali lezioni,\
    che classi,quali classi,corsi avete,corsi ci sono,lezioni ci sono,lezioni avete,corsi fate,cosa c e,che c e,\
    cosa fate,cosa avete,cosa offrite,cosa proponete,che attivita,quali attivita,attivita avete,elenco,\
    timetable,schedule,what classes,which classes,what s on,whats on,what is on,what do you have,\
    what have you got,what do you offer,list of classes,see the classes,classes are there,classes do you,\
    classes you have,what lessons,what activities,which activities,what sessions,what kind of,what s available,\
    whats available,what is available,cosa c e di,disponibilita,che trattamenti,quali trattamenti,quali servizi,\
    what services,what treatments,what else,anything else,something else,other classes,cos altro,cosa altro,che altro,\
    qualcos altro,qualcosa altro,altri corsi,altre lezioni";
const CREW: &str = "\
    chi insegna,chi tiene,chi fa,chi e,chi sono,chi c e,chi lavora,chi conduce,che istruttor*,quali istruttor*,\
    gli istruttor*,istruttori,insegnanti,vostri insegnant*,i maestri,che insegnant*,quali insegnant*,\
    who teaches,who is,who s,whos,who runs,who are,who leads,who does,who gives,your instructor*,your trainer*,\
    your teacher*,your team,your staff,the instructors,the trainers,the teachers,which instructor*,\
    what instructors,which teacher*,il vostro staff,il vostro team,lo staff";
const BUSINESS: &str = "\
    politica,regole,regolamento,cancellation policy,refund policy,policy,entro quando,fino a quando posso,\
    quanto prima,quanto tempo prima,how late can,how long before,penale,rimbors*,refund*,siete apert*,aprite,\
    apre,apertura,chiudete,chiude,chiusi,chiusura,opening,are you open,you open,do you close,you close,closing,\
    closed,your hours,what hours,telefono,numero di telefono,vostro numero,your number,phone number,phone,\
    website,sito,email,e mail,chi siete,about you,studio open,gym open,salon open,open today,open tomorrow,open on,contatti,contattarvi,contact,\
    lingue,languages,pagare,pago,pagamento,paga,pagamenti,contanti,carta,carte,pay,payment,cash,card,cards";
const INFO: &str = "informazioni,informazione,info,information,tell me more,dettagli,details";
const PRICES: &str = "\
    quanto cost*,quanto viene,quanto vengono,quanto si paga,quanto e,prezz*,costo,costi,costa,costano,tariff*,\
    listino,how much,price*,cost,costs,fee,fees,rates,expensive";
const LOCATIONS: &str = "\
    dove siete,dove vi trov*,dove si trova,dove e,dove sta,dov e,dove state,dove si svolg*,dove si tiene,\
    dove si fa,indirizz*,come arrivo,come ci arrivo,come si arriva,come raggiung*,sedi,che sede,quale sede,\
    parchegg*,where are you,where is,where s,wheres,where do you,where can i find,address*,your location*,\
    which location*,locations,location,directions,how do i get,how to get,how can i get,parking,find you,mappa,\
    map,posizione";
const BOOK: &str = "\
    prenot*,book,reserve,riserv*,iscriv*,segnami,segnare,segna,segnarmi,segnatemi,mettimi,mettermi,mi metti,\
    mi segni,mi iscrivi,sign me up,sign up,put me down,put me,join,inserir*,posto,posti,spot,spots,space,\
    availab*,disponib*,libero,liberi,libera,appuntament*,appointment*,fissa*,lezione,corso,class,provare,\
    partecipare,attend,enrol*";
const WANT: &str = "\
    vorrei,voglio,vorremmo,volevo,mi piacerebbe,i d like,id like,i want,we want,want to,would like,i need,\
    mi serve,avrei bisogno,ho bisogno,vengo,posso venire,can i come,can i get,can i do,can i have,could i,c e,\
    ci sono,avete,do you have,is there,are there,any,fate,try,posso fare";
