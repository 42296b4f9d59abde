//! Sends a receipt as a document of WhatsApp.

use adapters::{World, whatsapp::File};
use domain::{
    ConversationId, PaymentId, conversation,
    documents::receipt,
    outbound::{self, Content, Document, DocumentKind, Outbound, Window},
    papers::{self, Issued},
    replies,
};
use engine::{Breaker, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    Cx,
    on_behalf::begin,
    sending::{self, Letter, Said},
};

/// Sends the receipt of a payment, as what was paid is now.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendReceipt {
    /// Of which payment.
    pub payment: PaymentId,
}

impl Job<World> for SendReceipt {
    const NAME: &'static str = "send_receipt";
    const POLICY: Policy =
        Policy { attempts: 12, breaker: Some(Breaker::new("whatsapp")), concurrency: 8, ..Policy::DEFAULT };
    type Output = Said;

    async fn run(self, cx: Cx) -> Outcome<Said> {
        let mut tx = begin(&cx).await?;
        cx.fence(&mut tx).await?;
        let now = cx.world.clock.now();
        let issued = papers::receipt(&mut tx, self.payment, None, now).await?;
        let Some(issued) = issued else {
            return cx.finish(tx, Said::Skipped { reason: "nothing was paid".to_owned() }).await;
        };
        let Some(conversation) = conversation::latest(&mut tx, issued.customer).await? else {
            return cx.finish(tx, Said::Skipped { reason: "there is no number to write from".to_owned() }).await;
        };
        let content = self.content(&issued);
        let mut message =
            outbound::plan(&mut tx, conversation, cx.id(), 0, &content, now).await.map_err(sending::unplanned)?;
        tx.commit().await?;
        // Uploading twice says nothing to anybody: only the message must be sent once.
        self.attach(&cx, &mut message, &issued).await?;
        let tx = begin(&cx).await?;
        sending::send(&cx, &Receipt { conversation }, tx, &message).await
    }
}

impl SendReceipt {
    fn content(&self, issued: &Issued) -> Content {
        let number = &issued.receipt.number;
        let document = Document {
            media_id: None,
            filename: replies::receipt_filename(issued.language, number),
            kind: DocumentKind::Receipt { payment: self.payment.0 },
        };
        Content { document: Some(document), ..Content::text(replies::receipt_caption(issued.language, number)) }
    }

    async fn attach(&self, cx: &Cx, message: &mut Outbound, issued: &Issued) -> Outcome<()> {
        let Some(document) = &mut message.content.document else { return Ok(()) };
        let pdf = receipt::pdf(issued.language, &issued.receipt).map_err(|error| Stop::fail(error.to_string()))?;
        let mime_type = document.kind.mime_type().to_owned();
        let file = File { name: document.filename.clone(), mime_type, bytes: pdf.into() };
        let uploaded = cx.world.whatsapp.upload(&message.phone_number_id, &file).await;
        document.media_id = Some(uploaded.map_err(|error| Stop::retry(error.to_string()))?);
        Ok(())
    }
}

/// A receipt on its way.
struct Receipt {
    conversation: ConversationId,
}

impl Letter for Receipt {
    type Output = Said;

    async fn refusal(&self, cx: &Cx, conn: &mut PgConnection, _: &Outbound) -> Outcome<Option<Said>> {
        let window = outbound::window(conn, self.conversation, cx.world.clock.now()).await?;
        Ok((window == Window::Closed).then_some(Said::WindowClosed))
    }

    async fn end(&self, cx: &Cx, mut tx: Transaction<'static, Postgres>, _: &Outbound, said: Said) -> Outcome<Said> {
        if let Said::Refused { reason } = &said {
            let trouble = format!("WhatsApp did not take a receipt: {reason}");
            conversation::needs_person(&mut tx, self.conversation, &trouble, cx.world.clock.now()).await?;
        }
        cx.finish(tx, said).await
    }
}
