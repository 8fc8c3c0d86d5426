//! Settings that an administrator changed on the Manage page, over those of the deployment.

use crate::{Executor, Query, Store, executor::statement, row};
use courseferry_api::{UnixTime, UserId};
use courseferry_ferry::LedgerError;

/// A setting that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSetting {
    /// Its name.
    pub name: String,
    /// The value that an administrator gave it.
    pub value: String,
    /// When.
    pub changed: UnixTime,
    /// Who; [`UserId::NOBODY`] or below once they were erased.
    pub user: UserId,
    /// Their name then.
    pub user_name: String,
}

/// Every setting that was changed.
pub fn changed_settings() -> Query<Vec<ChangedSetting>> {
    let all = statement!("SELECT name, value, changed, user_id, user_name FROM settings ORDER BY name");
    Query::new([all], |[rows], _| {
        let setting = |line| {
            Ok(ChangedSetting {
                name: row::text(line, "name")?,
                value: row::text(line, "value")?,
                changed: row::time(line, "changed")?,
                user: UserId(row::int(line, "user_id")?),
                user_name: row::text(line, "user_name")?,
            })
        };
        rows.iter().map(setting).collect()
    })
}

impl<E: Executor> Store<E> {
    /// Changes a setting.
    pub async fn change_setting(&self, setting: &ChangedSetting) -> Result<(), LedgerError> {
        self.rows(statement!(
            "INSERT OR REPLACE INTO settings (name, value, changed, user_id, user_name) VALUES (?1, ?2, ?3, ?4, ?5)",
            setting.name,
            setting.value,
            setting.changed,
            setting.user,
            setting.user_name
        ))
        .await?;
        Ok(())
    }

    /// The deployment's own value counts again.
    pub async fn reset_setting(&self, name: &str) -> Result<(), LedgerError> {
        self.rows(statement!("DELETE FROM settings WHERE name = ?1", name)).await?;
        Ok(())
    }
}
