# Salute: cosa richiede qualcuno, e come va il resto.

health-attention = Attenzione
health-well = Niente richiede attenzione.
health-now = Subito:
health-know = Nota:
health-look = Guarda
health-no-worker = Nessun processo è attivo
health-no-worker-more = I lavori sono al sicuro e attendono. Avviane uno: holdfast serve
health-unserved = { $kind }: nessun processo attivo conosce questo tipo; pronti: { $ready }
health-slow = { $kind }: il lavoro pronto più vecchio attende da { $time }
health-dead = { $n ->
    [one] 1 lavoro è morto nelle ultime 24 ore
   *[other] { $count } lavori sono morti nelle ultime 24 ore
}
health-effects = { $n ->
    [one] 1 effetto è uscito dalla casa e nessuno ne conosce l'esito
   *[other] { $count } effetti sono usciti dalla casa e nessuno ne conosce l'esito
}
health-open = L'interruttore { $rule } è aperto ({ $business }); lavori in attesa: { $held }
health-unsure = L'interruttore { $rule } sta riprovando, o è forzato ({ $business })
health-late = La pianificazione { $schedule } è in ritardo: nessuno ne ha fatto un lavoro
health-transaction = Una transazione dura da { $time }; le righe morte restano finché non finisce
health-snapshot = Qualcuno tiene uno snapshot vecchio da { $time }; intanto le righe morte restano
health-connections = { $used } connessioni del database su { $most } sono occupate
health-drift = Lo schema è stato modificato a mano; holdfast migrate --check dice dove
health-paused = In pausa, da { $by }: { $kind }, { $business }
health-schedule = La pianificazione { $schedule } è stata messa in pausa da { $by }
health-full = Il limite { $limit } è raggiunto; lavori in attesa: { $held }
health-one-step = Il tuo account chiede solo una password. Attiva il secondo passaggio.
health-jobs = Lavori
health-ready = Pronti
health-running = In corso
health-retrying = Nuovi tentativi
health-held = Trattenuti
health-dead-today = Morti, 24 h
health-unknown = Effetti ignoti
health-workers = Processi
health-queues = Code più attive
health-all-queues = Tutte le code
health-quiet = Non succede niente
health-quiet-more = Le code compaiono qui appena hanno qualcosa da fare.
health-failed = falliti: { $n }
health-inbox = Clienti in attesa di risposta
health-inbox-oldest = Attende da più tempo
health-inbox-ready = Non ancora iniziate
health-inbox-busy = In risposta
health-inbox-held = Trattenute
health-breakers-closed = Tutti chiusi.
health-worker = Processo
health-beat = Ultimo battito
health-version = Versione
health-started = Avviato
health-silent = muto
health-draining = in chiusura
health-works = attivo
health-database = Database
health-xmin = Snapshot più vecchio
health-transactions = { $count } transazioni
health-longest = Transazione più lunga
health-pool = Connessioni
health-locks = In attesa di un lock
health-size = Dimensione
health-protocol = Protocollo
health-drifted = modificato a mano
health-tables = Tabelle
health-table = Tabella
health-live = Righe vive
health-rows-dead = Righe morte
health-weeks = Parti
health-spend = Spesa di oggi
health-turns = Turni dell'assistente
health-tokens-in = Token letti
health-tokens-out = Token scritti
health-messages = Messaggi WhatsApp
health-billable = Di cui a pagamento
health-model = Modello
health-category = Categoria
health-category-service = servizio
health-category-utility = utilità
health-category-marketing = marketing
health-category-authentication = autenticazione
health-category-template = modello, non ancora comunicato
health-category-referral-conversion = da un annuncio
health-spend-of = { $n ->
    [one] Di 1 attività, dalla sua mezzanotte; al massimo di mezzo minuto fa.
   *[other] Di { $n } attività, ciascuna dalla propria mezzanotte; al massimo di mezzo minuto fa.
}
health-spend-others = { $n ->
    [one] Un'altra attività non è sommata qui.
   *[other] Altre { $n } attività non sono sommate qui.
}
