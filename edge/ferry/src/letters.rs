//! Letters: one message for each owner and batch, and a daily digest of failures for administrators, who hear at once
//! only of what stops everything.

use crate::{
    Access, Audience, Client, Failure, Ferry, Ledger, LedgerError, Letter, MessageKind, Notice, Platform, Recipient,
    Remotes, TimeOfDay,
    peer::{URGENT, client_fault},
    wording::{Composed, Wording},
};
use courseferry_api::Language;

/// Letters that one tick sends at the most.
const LETTERS: u32 = 20;
/// Seconds after which an owner is told of the first results although other restores of the batch still wait.
const PATIENCE: i64 = 6 * 3_600;
/// When administrators get their digest, by the site's clock.
const DIGEST: TimeOfDay = TimeOfDay::SEVEN;
/// Seconds between two tries of a letter.
const AGAIN: i64 = 300;

impl<L: Ledger, R: Remotes, C: Client, P: Platform> Ferry<'_, L, R, C, P> {
    /// Closes the letters that are complete and sends what is due.
    pub(crate) async fn send_letters(&self) -> Result<usize, LedgerError> {
        let now = self.platform.now();
        let token = hex::encode(self.platform.random());
        self.ledger.close_letters(now, &token, now.plus(-PATIENCE), DIGEST.last(now, self.zone), URGENT).await?;
        let letters = self.ledger.letters(now, LETTERS).await?;
        let mut offered = 0;
        for letter in &letters {
            let (done, away) = match self.send(letter).await {
                Ok(()) => (self.ledger.letter_sent(&letter.id, self.platform.now()).await, false),
                Err(failure) => {
                    let (at, away) = (self.platform.now().plus(AGAIN), client_fault(failure.code));
                    (self.ledger.letter_later(&letter.id, at, !away).await, away)
                }
            };
            if let Some(first) = letter.results.first() {
                self.note_row_fault("letters", &first.job, done).await;
            }
            if away {
                break;
            }
            offered += 1;
        }
        Ok(offered)
    }

    async fn send(&self, letter: &Letter) -> Result<(), Failure> {
        match &letter.audience {
            Audience::Owner(reader) | Audience::Actor(reader) => {
                let failed = letter.results.iter().any(|line| line.failure.is_some());
                let kind = if failed { MessageKind::Failure } else { MessageKind::Success };
                let remote_links = self.settings.remote_links_in_messages
                    && self.client.access(reader.user).await?.may_see_remote_links();
                let is_owner = matches!(letter.audience, Audience::Owner(_));
                let wording = self.wording(reader, remote_links);
                let composed = if is_owner { wording.to_owner(letter) } else { wording.to_actor(letter) };
                self.deliver(letter, kind, reader, composed).await
            }
            Audience::Administrators => {
                // With `warningstoowner` whoever should look at a restored course has been told.
                let mut letter = letter.clone();
                letter.results.retain(|line| line.failure.is_some() || !self.settings.warnings_to_owner);
                if letter.results.is_empty() {
                    return Ok(());
                }
                for administrator in self.client.administrators().await? {
                    let digest = self.wording(&administrator, true).to_administrators(&letter);
                    self.deliver(&letter, MessageKind::Digest, &administrator, digest).await?;
                }
                Ok(())
            }
        }
    }

    fn wording(&self, reader: &Recipient, remote_links: bool) -> Wording<'_, R> {
        Wording {
            language: Language::of(&reader.locale),
            remotes: self.remotes,
            client: &self.settings.client_wwwroot,
            remote_links,
            warnings: self.settings.warnings_to_owner,
        }
    }

    async fn deliver(
        &self,
        letter: &Letter,
        kind: MessageKind,
        reader: &Recipient,
        composed: Composed,
    ) -> Result<(), Failure> {
        // The first of an unchanging list: the companion knows the message by it if it is sent twice.
        let Some(first) = letter.results.first() else { return Ok(()) };
        let Composed { subject, text, html, link, link_name } = composed;
        let notice = Notice {
            job: first.job.clone(),
            attempt: first.attempt,
            kind,
            user: reader.user,
            subject,
            text,
            html,
            link,
            link_name,
        };
        self.client.notify(&notice).await
    }
}
