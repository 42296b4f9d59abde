# Il registro: che cosa hanno fatto le persone.

audit-none = Nessuno ha ancora fatto niente
audit-none-more = Ogni azione in questa console e da riga di comando viene annotata qui insieme all'azione stessa.
audit-none-fit = Niente corrisponde a questi filtri. Togline uno, oppure guarda tutto.
audit-anybody = chiunque
audit-act = Azione
audit-target = Su che cosa
audit-since = Da
audit-until = Fino a
audit-all = Tutto
audit-detail = Dettagli
audit-show = Mostra
