# Webhook: il registro grezzo di ciò che è arrivato.

webhooks-none = Non è arrivato niente
webhooks-none-more = Qui si conserva per un po', così com'è arrivato, ciò che ci dicono WhatsApp e il fornitore dei pagamenti. Manda un messaggio al numero dell'attività per vederne uno.
webhooks-none-aside = Niente è stato messo da parte: tutto ciò che è arrivato era per il numero di un'attività di qui.
webhooks-filter = Quali
webhooks-aside = Messi da parte
webhook = Webhook
webhook-title = Webhook { $id }
webhook-source = Da
webhook-source-whatsapp = WhatsApp
webhook-source-payments = pagamenti
webhook-source-unknown = sconosciuto
webhook-held = Che cosa conteneva
webhook-size = Dimensione
webhook-put-aside = Messo da parte
webhook-messages = { $n ->
    [one] { $n } messaggio
   *[other] { $n } messaggi
  }
webhook-statuses = { $n ->
    [one] { $n } stato
   *[other] { $n } stati
  }
webhook-erased = cancellato
webhook-known-now = Ora un'attività ha questo numero: ripetilo.
webhook-facts = Fatti
webhook-body = Contenuto
webhook-body-more = Può contenere ciò che hanno scritto i clienti. Chi lo legge dice perché, e questo resta nel registro. Rimane aperto per dieci minuti.
webhook-reveal = Mostra il contenuto…
webhook-replay = Ripeti
webhook-replay-more = Tutto ciò che contiene viene preso in carico un'altra volta. Ciò che è già noto non cambia niente.
webhook-replay-one = Ripeti questo…
webhook-replay-all = Ripeti tutto ciò che è stato messo da parte per { $number }…
webhook-replay-erased = Una parte è stata cancellata: non si può ripetere, perché ciò che è stato dimenticato non torna.
webhook-replay-rest = Erano più di 1.000. Ripeti ancora per gli altri.
webhook-number = Numero
webhook-result-applied = hanno portato qualcosa di nuovo
webhook-result-nothing-new = non contenevano niente di nuovo
webhook-result-gone = cancellati, o non più conservati
webhook-result-unreadable = illeggibili
webhook-result-failed = non riusciti: guarda il log e riprova
told-webhook-applied = Ripetuto: ha portato qualcosa di nuovo.
told-webhook-nothing-new = Ripetuto: era già tutto noto.
told-no-webhook-gone = Non ripetuto: il contenuto è stato cancellato, o non è più conservato.
told-no-webhook-unreadable = Non ripetuto: qui nessuno capisce il suo contenuto.
told-no-webhook-failed = Non ripetuto: non è riuscito. Non è stato preso in carico niente; il log dice perché. Riprova.
