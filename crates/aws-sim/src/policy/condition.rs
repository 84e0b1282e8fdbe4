//! The condition operators of a policy statement.

use jiff::Timestamp;

use super::evaluate::Context;
use super::pattern;

/// One operator over one context key: `"NumericLessThan": {"aws:MultiFactorAuthAge": "86400"}`.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    operator: Operator,
    if_exists: bool,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateLessThan,
    DateGreaterThan,
    Bool,
    Null,
}

impl Condition {
    /// The condition, when the operator is one IAM (and this evaluator) knows.
    pub(super) fn new(operator: &str, key: &str, values: Vec<String>) -> Option<Self> {
        let (name, if_exists) = match operator.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (operator, false),
        };
        let operator = match name {
            "StringEquals" => Operator::StringEquals,
            "StringNotEquals" => Operator::StringNotEquals,
            "StringEqualsIgnoreCase" => Operator::StringEqualsIgnoreCase,
            "StringLike" | "ArnLike" | "ArnEquals" => Operator::StringLike,
            "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => Operator::StringNotLike,
            "NumericEquals" => Operator::NumericEquals,
            "NumericLessThan" => Operator::NumericLessThan,
            "NumericLessThanEquals" => Operator::NumericLessThanEquals,
            "NumericGreaterThan" => Operator::NumericGreaterThan,
            "NumericGreaterThanEquals" => Operator::NumericGreaterThanEquals,
            "DateLessThan" => Operator::DateLessThan,
            "DateGreaterThan" => Operator::DateGreaterThan,
            "Bool" => Operator::Bool,
            "Null" => Operator::Null,
            _ => return None,
        };
        Some(Self {
            operator,
            if_exists,
            key: key.to_ascii_lowercase(),
            values,
        })
    }

    /// Whether the request's context meets the condition.
    pub(super) fn holds(&self, context: &Context) -> bool {
        let actual = context.get(&self.key);
        if self.operator == Operator::Null {
            return self
                .values
                .iter()
                .any(|value| (value == "true") == actual.is_none());
        }
        let negated = matches!(
            self.operator,
            Operator::StringNotEquals | Operator::StringNotLike
        );
        let Some(actual) = actual else {
            return self.if_exists || negated;
        };
        if negated {
            self.values.iter().all(|value| self.compare(actual, value))
        } else {
            self.values.iter().any(|value| self.compare(actual, value))
        }
    }

    fn compare(&self, actual: &str, value: &str) -> bool {
        let numbers = || Some((actual.parse::<f64>().ok()?, value.parse::<f64>().ok()?));
        let dates = || {
            Some((
                actual.parse::<Timestamp>().ok()?,
                value.parse::<Timestamp>().ok()?,
            ))
        };
        match self.operator {
            Operator::StringEquals => actual == value,
            Operator::StringNotEquals => actual != value,
            Operator::StringEqualsIgnoreCase | Operator::Bool => actual.eq_ignore_ascii_case(value),
            Operator::StringLike => pattern::fits(value, actual),
            Operator::StringNotLike => !pattern::fits(value, actual),
            Operator::NumericEquals => numbers().is_some_and(|(a, b)| a == b),
            Operator::NumericLessThan => numbers().is_some_and(|(a, b)| a < b),
            Operator::NumericLessThanEquals => numbers().is_some_and(|(a, b)| a <= b),
            Operator::NumericGreaterThan => numbers().is_some_and(|(a, b)| a > b),
            Operator::NumericGreaterThanEquals => numbers().is_some_and(|(a, b)| a >= b),
            Operator::DateLessThan => dates().is_some_and(|(a, b)| a < b),
            Operator::DateGreaterThan => dates().is_some_and(|(a, b)| a > b),
            Operator::Null => false,
        }
    }
}
