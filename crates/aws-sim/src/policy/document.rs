//! Policy documents in AWS's JSON.

use serde_json::Value;

use super::condition::Condition;

/// A policy document that was understood completely.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(super) statements: Vec<Statement>,
    source: Value,
}

/// One statement of a document.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) allow: bool,
    /// Account ids, ARNs or `*`; nothing in a policy that is attached to an identity.
    pub(super) principals: Option<Vec<String>>,
    pub(super) actions: Match,
    /// Nothing in a trust policy, whose resource is the role itself.
    pub(super) resources: Option<Match>,
    pub(super) conditions: Vec<Condition>,
}

/// A list of patterns, or everything but these.
#[derive(Clone, Debug)]
pub(super) enum Match {
    Any(Vec<String>),
    None(Vec<String>),
}

impl Document {
    /// Reads a document; the error says what is not understood, so that no condition is ever overlooked.
    pub(crate) fn parse(source: Value) -> Result<Self, String> {
        let statements = match source.get("Statement") {
            Some(Value::Array(list)) => list
                .iter()
                .map(Statement::parse)
                .collect::<Result<_, _>>()?,
            Some(one @ Value::Object(_)) => vec![Statement::parse(one)?],
            Some(_) | None => return Err("the document has no Statement".to_owned()),
        };
        Ok(Self { statements, source })
    }

    /// The document as it was given.
    pub(crate) fn source(&self) -> &Value {
        &self.source
    }
}

impl Statement {
    fn parse(value: &Value) -> Result<Self, String> {
        let Value::Object(fields) = value else {
            return Err("a Statement is not an object".to_owned());
        };
        let mut statement = Self {
            allow: false,
            principals: None,
            actions: Match::Any(Vec::new()),
            resources: None,
            conditions: Vec::new(),
        };
        for (name, value) in fields {
            match name.as_str() {
                "Sid" => {}
                "Effect" => {
                    statement.allow = match value.as_str() {
                        Some("Allow") => true,
                        Some("Deny") => false,
                        Some(_) | None => return Err("Effect is neither Allow nor Deny".to_owned()),
                    }
                }
                "Action" => statement.actions = Match::Any(texts(value)?),
                "NotAction" => statement.actions = Match::None(texts(value)?),
                "Resource" => statement.resources = Some(Match::Any(texts(value)?)),
                "NotResource" => statement.resources = Some(Match::None(texts(value)?)),
                "Principal" => statement.principals = Some(principals(value)?),
                "Condition" => statement.conditions = conditions(value)?,
                other => return Err(format!("unknown element {other}")),
            }
        }
        Ok(statement)
    }
}

fn principals(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::String(all) if all == "*" => Ok(vec![all.clone()]),
        Value::Object(kinds) => {
            let mut names = Vec::new();
            for (kind, value) in kinds {
                match kind.as_str() {
                    "AWS" | "Federated" => names.extend(texts(value)?),
                    // Nobody here comes as a service, so these match nobody.
                    "Service" => {}
                    other => return Err(format!("unknown kind of Principal {other}")),
                }
            }
            Ok(names)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err("Principal is neither * nor an object".to_owned())
        }
    }
}

fn conditions(value: &Value) -> Result<Vec<Condition>, String> {
    let operators = value.as_object().ok_or("Condition is not an object")?;
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let keys = keys
            .as_object()
            .ok_or("a condition operator is not an object")?;
        for (key, values) in keys {
            let condition = Condition::new(operator, key, texts(values)?)
                .ok_or_else(|| format!("unknown condition operator {operator}"))?;
            conditions.push(condition);
        }
    }
    Ok(conditions)
}

/// A text, a number or a truth value, or a list of these, as texts.
fn texts(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Bool(_) | Value::Number(_) => Ok(vec![value.to_string()]),
        Value::Array(list) => {
            let nested: Vec<Vec<String>> = list.iter().map(texts).collect::<Result<_, _>>()?;
            Ok(nested.concat())
        }
        Value::Null | Value::Object(_) => Err("expected a text or a list of texts".to_owned()),
    }
}
