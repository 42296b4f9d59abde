//! The script: moves that the model makes, in order.

use serde_json::{Map, Value};

use crate::simulate::{
    Simulators,
    fields::{Fields, Problem},
};

const FIELDS: &str = "when, text, tool_calls, error, garbage, finish_reason, delay_ms, repeat";

/// One answer of the model.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    /// In lower case; the move waits for a user message that holds it.
    when: Option<String>,
    /// Stays in the script after it was made.
    pub(crate) repeat: bool,
    pub(crate) delay_ms: u64,
    pub(crate) act: Act,
}

/// What the model does.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// It speaks, asks for tools, or both.
    Say { text: Option<String>, tool_calls: Vec<ToolCall>, finish: Option<String> },
    /// It fails.
    Fail { status: u16, retry_after: Option<u64>, message: String },
    /// It answers what nobody can read.
    Garbage,
}

/// A tool that the model asks for.
#[derive(Debug, Clone)]
pub(crate) struct ToolCall {
    pub(crate) name: String,
    /// As the model wrote them: usually, but not always, a JSON object.
    pub(crate) arguments: String,
}

impl Move {
    pub(crate) fn fits(&self, said: &str) -> bool {
        self.when.as_ref().is_none_or(|when| said.contains(when))
    }

    fn from_json(value: Value) -> Result<Self, Problem> {
        let mut fields = Fields::of(value)?;
        let step = Self {
            when: fields.take::<String>("when")?.map(|when| when.to_lowercase()),
            repeat: fields.take("repeat")?.unwrap_or_default(),
            delay_ms: fields.take("delay_ms")?.unwrap_or_default(),
            act: Act::take(&mut fields)?,
        };
        fields.finish(FIELDS)?;
        Ok(step)
    }
}

impl Act {
    fn take(fields: &mut Fields) -> Result<Self, Problem> {
        let text: Option<String> = fields.take("text")?;
        let calls: Vec<Value> = fields.take("tool_calls")?.unwrap_or_default();
        let finish = fields.take("finish_reason")?;
        let error: Option<Value> = fields.take("error")?;
        let garbage: bool = fields.take("garbage")?.unwrap_or_default();
        match (text.is_some() || !calls.is_empty(), error, garbage) {
            (true, None, false) => {
                let tool_calls = calls.into_iter().map(ToolCall::from_json).collect::<Result<_, _>>()?;
                Ok(Self::Say { text, tool_calls, finish })
            }
            (false, Some(error), false) => Self::fail(error),
            (false, None, true) => Ok(Self::Garbage),
            _ => Err(Problem::new("text", "give text and/or tool_calls, or error, or garbage: true")),
        }
    }

    fn fail(error: Value) -> Result<Self, Problem> {
        let mut fields = Fields::of(error)?;
        let status = fields.require("status")?;
        if !(400..600).contains(&status) {
            return Err(Problem::new("error.status", "must be an HTTP error status, 400 to 599"));
        }
        let retry_after = fields.take("retry_after")?;
        let message = fields.take("message")?.unwrap_or_else(|| "Set by the script".to_owned());
        fields.finish("status, retry_after, message")?;
        Ok(Self::Fail { status, retry_after, message })
    }
}

impl ToolCall {
    /// Arguments are an object, or a string to be sent as it is, so that a test can send bad JSON.
    fn from_json(value: Value) -> Result<Self, Problem> {
        let mut fields = Fields::of(value)?;
        let name = fields.require("name")?;
        let arguments = match fields.take::<Value>("arguments")? {
            None => Value::Object(Map::new()).to_string(),
            Some(Value::String(raw)) => raw,
            Some(arguments) => arguments.to_string(),
        };
        fields.finish("name, arguments")?;
        Ok(Self { name, arguments })
    }
}

/// Appends moves, all or none; returns how many wait now.
pub(crate) fn append(simulators: &Simulators, moves: Value) -> Result<usize, Problem> {
    let moves = match moves {
        Value::Array(moves) => moves,
        one => vec![one],
    };
    let moves = moves
        .into_iter()
        .enumerate()
        .map(|(n, step)| Move::from_json(step).map_err(|p| Problem::new(format!("[{n}].{}", p.field), p.message)));
    let moves = moves.collect::<Result<Vec<_>, _>>()?;
    let mut llm = simulators.llm();
    llm.script.extend(moves);
    Ok(llm.script.len())
}
