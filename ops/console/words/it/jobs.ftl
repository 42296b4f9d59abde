# I lavori: l'elenco, uno solo, un flusso.

query = Ricerca
query-hint = state:dead kind:send_reply phone:"+39 333 555 0110" error:"timed out" age:<1d
query-words = Parole della ricerca
suggestions = Suggerimenti
chip-remove = Togli questa parola
examples = Per esempio
example-dead = ciò che è morto nell'ultimo giorno
example-stuck = ciò che aspetta un altro tentativo, un limite o un interruttore
example-error = ciò che è stato interrotto
example-answers = le risposte dell'ultima ora
example-attempts = ciò che ha richiesto più di tre tentativi
view-save = Salva questa ricerca
view-name = Nome
view-shared = Per tutti qui
view-mine = Mia
view-whose = Di chi
view-delete = Elimina
views-none = Nessuna ricerca salvata
attempts = Tentativi
enqueued = In coda da
took = Durata
last-error = Ultimo errore
select-page = Seleziona tutte le righe della pagina
select-job = Seleziona il lavoro
step = Passo
key = Chiave
selected = selezionati
reason-hint = Motivo (serve per annullare o eliminare)
verb = Cosa fare
verb-retry = Riprova
verb-retry-edited = Modifica e riprova
verb-run-now = Esegui ora
verb-snooze = Rimanda
verb-cancel = Annulla
verb-delete = Elimina
verb-duplicate = Duplica
snooze-for = Rimanda di
minutes = { $n ->
    [60] 1 ora
    [480] 8 ore
    [1440] 1 giorno
   *[other] { $n } minuti
}
all-matching = Tutti quelli trovati, su ogni pagina…
rate = Lavori al secondo
rate-kind = quanto basta
preview = Anteprima
jobs-none = Nessun lavoro
jobs-none-ever = Non è ancora arrivato niente. Scrivi all'attività e i primi sono qui.
jobs-none-fit = Niente corrisponde a tutte queste parole. Togline una, o prova un esempio.
looked-back-to = Ho guardato indietro fino a
look-further = Guarda più indietro
attempts-n = { $n ->
    [one] 1 tentativo
   *[other] { $n } tentativi
}
steps-n = { $n ->
    [one] 1 passo
   *[other] { $n } passi
}
jobs-n = { $n ->
    [one] 1 lavoro
   *[other] { $n } lavori
}
why-waiting = Perché aspetta?
timeline = Cronologia
arguments = Argomenti
merged-n = Accorpato, numero { $n }
output = Risultato
progress = Avanzamento
revisions = Argomenti precedenti
reveal = Mostra
reveal-more = Ciò che hanno scritto i clienti è nascosto. Che lo leggi, e perché, finisce nel registro.
revealed = Vedi ciò che ad altri è nascosto. Il registro lo dice.
masked = Ciò che hanno scritto i clienti è nascosto al tuo ruolo.
effects = Effetti
effect = Effetto
reference = Riferimento
effect-reason = Motivo
effect-sent = Inviato
effect-settled = Definito
cause-graph = Cosa ha portato a cosa
details = Dettagli
priority = Priorità
workers-living = Processi che lo eseguono
deadline = Scadenza
queue-wait = Attesa massima
limits = Limiti
lane = Corsia
limit-key = Chiave del limite
breaker = Interruttore
worker = Processo
forked-from = Copia di
forks = Copie
trace = Traccia
logs = Log
logs-more = Tutto ciò che lo riguarda nei log di tutti i processi ha
delete-more = Il lavoro sparisce per sempre, con i suoi passi. Non si può tornare indietro.
edit-more = Il lavoro riparte con questi argomenti. Quelli di prima restano conservati.
duplicate-more = Un nuovo lavoro con questi argomenti, accanto a questo.

event-enqueued = Messo in coda
event-scheduled = Messo in coda per
event-attempt = Tentativo { $n }
event-snoozed = Rimandato
event-backoff = In attesa del tentativo successivo
event-held = Trattenuto da un limite o un interruttore
event-running = In corso
event-cancellation = Qualcuno vuole che finisca
event-succeeded = Eseguito
state-failed = fallito
state-timed-out = tempo scaduto
state-panicked = in panico
state-undecodable = illeggibile
state-snoozed = rimandato
state-lost = perso
state-expired = troppo tardi
state-silent = muto
state-planned = pianificato
state-sent = inviato
state-confirmed = confermato
state-unknown = ignoto
state-open = aperto
state-closed = chiuso
state-half-open = semiaperto
state-recovering = in ripresa

why-no-worker = Potrebbe partire, ma nessun processo vivo esegue { $kind }. Avviane uno di una versione che lo fa.
why-queue = { $n ->
    [0] È il prossimo del suo tipo.
    [one] 1 lavoro del suo tipo parte prima.
   *[other] { $n } lavori del suo tipo partono prima.
}
why-queue-workers = { $n ->
    [one] Li esegue 1 processo.
   *[other] Li eseguono { $n } processi.
}
why-paused = Messo in pausa da
why-limit = Al limite
why-ahead = { $n ->
    [0] Nessuno aspetta lì prima di lui.
    [one] 1 lavoro aspetta lì prima di lui.
   *[other] { $n } lavori aspettano lì prima di lui.
}
why-due = Previsto
why-breaker = Dietro l'interruttore
why-forced = Forzato da
why-probe = Il prossimo tentativo è
why-lane = La sua corsia è occupata:
why-lane-position = { $n ->
    [1] è il prossimo
   *[other] è il numero { $n }
}
why-scheduled = Messo in coda per
why-debounced = { $n ->
    [0] Aspetta altri uguali e parte
    [one] Ha accorpato 1 altro uguale e parte
   *[other] Ha accorpato altri { $n } uguali e parte
}
why-backoff = { $n ->
    [one] 1 tentativo è fallito; il prossimo è
   *[other] { $n } tentativi sono falliti; il prossimo è
}
why-snoozed = Ha chiesto una pausa e riprende
why-every-step = Aspetta tutti questi:
why-any-step = Aspetta il primo di questi:
why-until = prosegue comunque
why-signal = un segnale o una pausa:

steps = Passi
result = Risultato
undone-for = Disfatto
undoes = disfa
undoing = si disfa
detached = vive da sé
wait-over = finito
wait-open = aspetta
signal-came = arrivato
signal-pending = Un segnale che nessuno ha preso:
patch-new = codice nuovo
patch-old = codice vecchio
decision = deciso

told-job-retried = Riparte.
told-job-due = Parte adesso.
told-job-snoozed = Rimandato.
told-job-cancelled = Annullato.
told-job-asked = Gli è stato detto di finire.
told-job-deleted = Eliminato.
told-job-duplicated = Questo è il nuovo lavoro.
told-jobs-done = { $m ->
    [0] Fatto con { $n }.
   *[other] Fatto con { $n }; { $m } non si possono cambiare dove sono.
}
told-no-jobs-done = Non è stato fatto niente: nessuno dei { $m } è dove questo serve.
told-no-view-of-people = Non salvata: le ricerche che possono nominare una persona (phone:, message:, args, parole libere) non si conservano.
told-no-selection = Prima seleziona dei lavori.
told-no-job-not-ended = Non è stato fatto niente: non è finito.
told-no-job-completed = Non è stato fatto niente: è completato.
told-no-job-key-taken = Non è stato fatto niente: un altro lavoro ha ormai la sua chiave.
told-no-job-is-step = Non è stato fatto niente: è un passo. Fallo al suo flusso.
told-no-job-ended = Non è stato fatto niente: è finito.
told-no-job-ready = Non è stato fatto niente: può partire da un momento all'altro.
told-no-job-running = Non è stato fatto niente: è in corso.
told-no-job-blocked = Non è stato fatto niente: altri della sua corsia vengono prima.
told-no-job-held = Non è stato fatto niente: lo trattiene un limite, un interruttore o una pausa.
told-no-job-waiting = Non è stato fatto niente: è un flusso che aspetta i suoi passi.
told-no-job-has-open-effect = Non è stato fatto niente: nessuno sa se qualcosa è uscito. Definisci prima l'effetto.
told-no-job-too-large = Gli argomenti hanno al massimo 1 MiB.
told-no-job-not-json = Gli argomenti sono JSON.
