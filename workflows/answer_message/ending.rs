//! Where a turn ends with words of the house: a question that only the customer can answer, or something that was done.

use adapters::llm::Part;
use domain::{
    Language, ProposalId,
    booking::{BookingOffer, CancellationOffer, MoveOffer, Proposed},
    outbound::Button,
    replies,
};
use jobs::PlanOffer;
use serde_json::Value;

/// What the customer is told or asked, instead of the model's words.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub text: String,
    pub buttons: Vec<Button>,
    /// Something was done that the customer must hear of.
    pub done: bool,
    /// It asks whether they want to wait.
    pub wait: Option<ProposalId>,
}

impl Ending {
    /// Words alone.
    pub fn words(text: String) -> Self {
        Self { text, buttons: Vec::new(), done: false, wait: None }
    }

    /// Something that was done.
    pub fn done(text: String) -> Self {
        Self { done: true, ..Self::words(text) }
    }

    fn question(language: Language, text: String, yes: String, no: String) -> Self {
        let buttons = vec![
            Button { id: yes, title: replies::yes_button(language) },
            Button { id: no, title: replies::no_button(language) },
        ];
        Self { buttons, ..Self::words(text) }
    }

    /// The summary is ours, and the buttons name what a yes is about.
    fn proposal(language: Language, Proposed { proposal_id: id, summary }: Proposed) -> Self {
        Self::question(language, summary, format!("yes:{id}"), format!("no:{id}"))
    }

    /// Both: what was done is told in any case; of two questions the later counts.
    pub fn then(self, next: Self) -> Self {
        match (self.done, next.done) {
            (true, _) => Self { text: format!("{}\n\n{}", self.text, next.text), done: true, wait: None, ..next },
            (false, true) => Self { text: format!("{}\n\n{}", next.text, self.text), done: true, wait: None, ..self },
            (false, false) => next,
        }
    }
}

/// What the customer is asked because of what a tool answered, if they are.
pub(super) fn question(tool: &str, result: &Part, language: Language) -> Option<Ending> {
    let Part::ToolResult { content, .. } = result else { return None };
    let content = content.clone();
    match tool {
        "create_booking" => booking(content, language),
        "cancel_booking" => match serde_json::from_value(content).ok()? {
            CancellationOffer::Proposed(proposed) => Some(Ending::proposal(language, proposed)),
            _ => None,
        },
        "move_booking" => match serde_json::from_value(content).ok()? {
            MoveOffer::Proposed(proposed) => Some(Ending::proposal(language, proposed)),
            _ => None,
        },
        "buy_plan" => match serde_json::from_value(content).ok()? {
            PlanOffer::Offered { plan_id: id, summary } => {
                Some(Ending::question(language, summary, format!("buy:{id}"), format!("skip:{id}")))
            }
            _ => None,
        },
        _ => None,
    }
}

fn booking(content: Value, language: Language) -> Option<Ending> {
    match serde_json::from_value(content).ok()? {
        BookingOffer::Proposed(proposed) => Some(Ending::proposal(language, proposed)),
        BookingOffer::Full { wait: Some(proposed), .. } => {
            let wait = Some(proposed.proposal_id);
            Some(Ending { wait, ..Ending::proposal(language, proposed) })
        }
        _ => None,
    }
}
