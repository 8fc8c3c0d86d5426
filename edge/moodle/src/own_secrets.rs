//! Secrets of one remote's own, `EXTERNAL_MOODLE_<id>`, beside the list `EXTERNAL_MOODLES`: one token is changed
//! without typing the others again. The own secret wins over the list.

use crate::{external_moodles::parse_external_moodles, remote::Remote};
use courseferry_api::RemoteId;

/// How the name of such a secret begins; the remote's id follows.
pub const OWN_SECRET: &str = "EXTERNAL_MOODLE_";

/// An own secret that is wrong: its name, never its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSecret {
    pub name: String,
    /// What is wrong with it.
    pub mistake: String,
    /// The list has that remote too, and its entry is used.
    pub in_list: bool,
}

/// Puts own secrets (name, value `address,token`) over a list, in the list's order and then in that of the names.
pub fn with_own_secrets(
    mut remotes: Vec<Remote>,
    mut secrets: Vec<(String, String)>,
) -> (Vec<Remote>, Vec<WrongSecret>) {
    let mut wrong = Vec::new();
    secrets.sort();
    for (name, value) in secrets {
        let id: Option<RemoteId> = name.get(OWN_SECRET.len()..).and_then(|id| id.to_ascii_lowercase().parse().ok());
        let known = |remotes: &[Remote]| remotes.iter().position(|remote| Some(remote.id()) == id.as_ref());
        match own(&value, id.as_ref()) {
            Ok(remote) => match known(&remotes).and_then(|place| remotes.get_mut(place)) {
                Some(listed) => *listed = remote,
                None => remotes.push(remote),
            },
            Err(mistake) => wrong.push(WrongSecret { name, mistake, in_list: known(&remotes).is_some() }),
        }
    }
    (remotes, wrong)
}

fn own(value: &str, id: Option<&RemoteId>) -> Result<Remote, String> {
    let mut remotes = parse_external_moodles(value).map_err(|error| error.to_string())?;
    let (Some(remote), None) = (remotes.pop(), remotes.pop()) else {
        return Err("one address and its token, separated by a comma, are needed".to_owned());
    };
    if Some(remote.id()) == id {
        return Ok(remote);
    }
    Err(format!("its address belongs to {OWN_SECRET}{}", remote.id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<Remote> {
        parse_external_moodles("https://a.example,old1;https://b.example,old2").unwrap()
    }

    fn name(address: &str) -> String {
        format!("{OWN_SECRET}{}", parse_external_moodles(&format!("{address},t")).unwrap()[0].id())
    }

    fn tokens(remotes: &[Remote]) -> Vec<(&str, &str)> {
        remotes.iter().map(|remote| (remote.url.as_str(), remote.token.reveal())).collect()
    }

    #[test]
    fn an_own_secret_wins_over_the_list_and_adds_what_the_list_lacks() {
        let secrets = vec![
            (name("https://c.example"), "https://c.example,new3".to_owned()),
            (name("https://b.example").to_uppercase(), " https://B.example/ , new2 ".to_owned()),
        ];
        let (remotes, wrong) = with_own_secrets(list(), secrets);
        assert_eq!(
            tokens(&remotes),
            [("https://a.example", "old1"), ("https://b.example", "new2"), ("https://c.example", "new3")]
        );
        assert_eq!(wrong, []);
    }

    #[test]
    fn a_wrong_own_secret_is_named_without_its_value_and_the_list_goes_on() {
        for value in [
            "s3cret",
            "https://b.example,",
            "https://a.example,s3cret",
            "https://b.example,s3;https://c.example,s3cret",
            "",
        ] {
            let (remotes, wrong) = with_own_secrets(list(), vec![(name("https://b.example"), value.to_owned())]);
            assert_eq!(tokens(&remotes), tokens(&list()), "{value}");
            assert!(wrong[0].in_list && wrong[0].name == name("https://b.example"));
            assert!(!wrong[0].mistake.contains("s3cret"), "{wrong:?}");
        }
        let (_, wrong) = with_own_secrets(list(), vec![(name("https://c.example"), "s3cret".to_owned())]);
        assert!(!wrong[0].in_list);
    }
}
