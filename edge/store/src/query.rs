//! Questions as values: statements, and how their answers are read. Several are asked as one batch, which is one round trip
//! and one transaction.

use crate::{Executor, Row, Statement, Store, ledger};
use courseferry_ferry::LedgerError;

/// A question to the database.
pub struct Query<T> {
    statements: Vec<Statement>,
    read: Read<T>,
}

/// How the answers to a query are read.
type Read<T> = Box<dyn FnOnce(&mut Answers) -> Result<T, LedgerError>>;

/// What a batch gave back.
struct Answers {
    /// The rows of each statement, in their order.
    rows: std::vec::IntoIter<Vec<Row>>,
    unreadable: Unreadable,
}

/// The rows that did not read, to be noted for the administrators.
#[derive(Debug, Default)]
pub(crate) struct Unreadable(Vec<Statement>);

impl Unreadable {
    /// Those of these lines of `restores` that read. One that does not is left out and noted, so that the others go on.
    pub(crate) fn readable<T>(&mut self, lines: &[Row], read: impl Fn(&Row) -> Result<T, LedgerError>) -> Vec<T> {
        let mut readable = Vec::with_capacity(lines.len());
        for line in lines {
            match read(line) {
                Ok(row) => readable.push(row),
                Err(error) => self.0.push(ledger::unreadable(line, &error)),
            }
        }
        readable
    }
}

impl Query<()> {
    /// Asks nothing.
    pub fn nothing() -> Self {
        Self::new([], |[], _| Ok(()))
    }
}

impl<T: 'static> Query<T> {
    /// Statements, and how the rows that each gives back are read.
    pub(crate) fn new<const N: usize>(
        statements: [Statement; N],
        read: impl FnOnce([Vec<Row>; N], &mut Unreadable) -> Result<T, LedgerError> + 'static,
    ) -> Self {
        let read = |answers: &mut Answers| {
            let rows = std::array::from_fn(|_| answers.rows.next().unwrap_or_default());
            read(rows, &mut answers.unreadable)
        };
        Self { statements: statements.into(), read: Box::new(read) }
    }

    /// This and another, asked together.
    pub fn and<U: 'static>(self, other: Query<U>) -> Query<(T, U)> {
        let read = |answers: &mut Answers| Ok(((self.read)(answers)?, (other.read)(answers)?));
        Query { statements: [self.statements, other.statements].concat(), read: Box::new(read) }
    }

    /// The same, made into something else.
    pub fn map<U: 'static>(self, make: impl FnOnce(T) -> U + 'static) -> Query<U> {
        let read = |answers: &mut Answers| (self.read)(answers).map(make);
        Query { statements: self.statements, read: Box::new(read) }
    }
}

impl<E: Executor> Store<E> {
    /// Asks the database.
    pub async fn ask<T>(&self, query: Query<T>) -> Result<T, LedgerError> {
        let rows = self.executor.run(query.statements).await?.into_iter();
        let mut answers = Answers { rows, unreadable: Unreadable::default() };
        let answer = (query.read)(&mut answers);
        self.note_unreadable(answers.unreadable).await;
        answer
    }

    /// Those of these lines of `restores` that read; of the others the administrators are told.
    pub(crate) async fn readable<T>(&self, lines: &[Row], read: impl Fn(&Row) -> Result<T, LedgerError>) -> Vec<T> {
        let mut unreadable = Unreadable::default();
        let readable = unreadable.readable(lines, read);
        self.note_unreadable(unreadable).await;
        readable
    }

    async fn note_unreadable(&self, Unreadable(notes): Unreadable) {
        if !notes.is_empty() {
            // The rows that read are returned even if the note cannot be written: the next reader writes it again.
            let _ = self.executor.run(notes).await;
        }
    }
}
