//! Runs the statements: D1 in the Worker, SQLite in the tests, the same text on both.

use courseferry_ferry::LedgerError;
use serde::Serialize;
use serde_json::{Map, Value};

/// A statement with its numbered parameters, `?1` being the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its text.
    pub sql: &'static str,
    /// Null, a number or a string each.
    pub params: Vec<Value>,
}

/// A row: column names and values.
pub type Row = Map<String, Value>;

/// A database that speaks SQLite's language.
pub trait Executor {
    /// Runs the statements in their order as one transaction; the rows that each gives back.
    async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, LedgerError>;
}

/// A statement and its parameters, in their order.
macro_rules! statement {
    ($sql:expr $(, $param:expr)* $(,)?) => {
        $crate::executor::Statement { sql: $sql, params: vec![$($crate::executor::param(&$param)),*] }
    };
}
pub(crate) use statement;

/// A value as D1 takes it: truth is 1, a list is its JSON text.
pub(crate) fn param(value: &impl Serialize) -> Value {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Bool(truth) => Value::from(i64::from(truth)),
        list @ (Value::Array(_) | Value::Object(_)) => Value::String(list.to_string()),
        plain => plain,
    }
}
