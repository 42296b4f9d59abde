# Webhooks: the raw log of what came in.

webhooks-none = Nothing has come in
webhooks-none-more = What WhatsApp and the payment provider tell us is kept here as it came, for some time. Send a message to the business's number to see one.
webhooks-none-aside = Nothing was put aside: everything that came in was for a number of a business here.
webhooks-filter = Which
webhooks-aside = Put aside
webhook = Webhook
webhook-title = Webhook { $id }
webhook-source = From
webhook-source-whatsapp = WhatsApp
webhook-source-payments = payments
webhook-source-unknown = unknown
webhook-held = What it held
webhook-size = Size
webhook-put-aside = Put aside
webhook-messages = { $n ->
    [one] { $n } message
   *[other] { $n } messages
  }
webhook-statuses = { $n ->
    [one] { $n } status
   *[other] { $n } statuses
  }
webhook-erased = erased
webhook-known-now = A business has this number by now: replay it.
webhook-facts = Facts
webhook-body = Body
webhook-body-more = It may hold what customers wrote. Whoever reads it says why, and that stands in the audit. It stays open for ten minutes.
webhook-reveal = Show the body…
webhook-replay = Replay
webhook-replay-more = Everything in it is taken in once more. What is known already changes nothing.
webhook-replay-one = Replay this one…
webhook-replay-all = Replay all that was put aside for { $number }…
webhook-replay-erased = A part of it was erased: it cannot be replayed, since what was forgotten does not come back.
webhook-replay-rest = There were more than 1,000 of them. Replay once more for the others.
webhook-number = Number
webhook-result-applied = led to something new
webhook-result-nothing-new = held nothing new
webhook-result-gone = erased, or not kept any more
webhook-result-unreadable = cannot be read
webhook-result-failed = failed: look into the log, and try again
told-webhook-applied = Replayed: it led to something new.
told-webhook-nothing-new = Replayed: everything in it was known.
told-no-webhook-gone = Not replayed: its body was erased, or is not kept any more.
told-no-webhook-unreadable = Not replayed: nobody here understands its body.
told-no-webhook-failed = Not replayed: it failed. Nothing of it was taken in; the log tells why. Try again.
