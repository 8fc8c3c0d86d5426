//! D1 as what runs the store's statements: one batch, one transaction.

use courseferry_ferry::LedgerError;
use courseferry_store::{Executor, Row, Statement};
use serde::Deserialize;
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker::{
    D1Database, D1PreparedStatement, D1Result,
    js_sys::{Array, JSON},
};

/// The Worker's database.
#[derive(Debug, Clone)]
pub struct D1(Rc<D1Database>);

impl D1 {
    pub fn new(database: D1Database) -> Self {
        Self(Rc::new(database))
    }

    fn bind(&self, statement: &Statement) -> worker::Result<D1PreparedStatement> {
        let params: Vec<JsValue> = statement.params.iter().map(value).collect();
        self.0.prepare(statement.sql).bind(&params)
    }

    async fn batch(&self, statements: &[Statement]) -> worker::Result<Vec<Vec<Row>>> {
        let bound = statements.iter().map(|statement| self.bind(statement)).collect::<worker::Result<_>>()?;
        self.0.batch(bound).await?.iter().map(rows).collect()
    }
}

/// A row as JavaScript has it.
#[derive(Deserialize)]
#[serde(transparent)]
struct Raw(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

/// The rows of a statement. They come over as one JSON text: read value by value, each of a row's fifty columns would be a
/// call into JavaScript and back.
fn rows(result: &D1Result) -> worker::Result<Vec<Row>> {
    let raw: Array = result.results::<Raw>()?.into_iter().map(|Raw(row)| row).collect();
    let text = JSON::stringify(&raw)?;
    Ok(serde_json::from_str(&String::from(text))?)
}

impl Executor for D1 {
    async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, LedgerError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.batch(&statements).await.map_err(|error| LedgerError(error.to_string()))
    }
}

fn value(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(flag) => JsValue::from(i32::from(*flag)),
        Value::Number(number) => number.as_f64().map_or(JsValue::NULL, JsValue::from_f64),
        Value::String(text) => JsValue::from_str(text),
        Value::Array(_) | Value::Object(_) => JsValue::from_str(&value.to_string()),
    }
}
