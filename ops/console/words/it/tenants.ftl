# Le attività della casa.

tenants-all = tutte le attività
tenants-nobody = nessuna attività
tenants-none = Non c'è ancora nessuna attività
tenants-none-more = Aggiungi la prima dalla riga di comando: holdfast tenant add
tenants-id = Id
tenants-ready = Pronti
tenants-running = In corso
tenants-retrying = Nuovi tentativi
tenants-held = Trattenuti
tenants-blocked = Bloccati
tenants-scheduled = Programmati
tenants-waiting = In attesa
tenants-dead = Morti, 24 h
tenants-share = Quota
tenants-pause = Pausa
tenants-pause-all = Metti in pausa tutti i suoi lavori
tenants-more = La quota pesa come i processi scelgono tra le attività con lavori pronti: ×2 ottiene il doppio degli avvii di ×1.
