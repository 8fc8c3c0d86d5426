//! What runs the statements: D1 in the Worker, SQLite in the tests, the same text on both.

use courseferry_ferry::LedgerError;
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
