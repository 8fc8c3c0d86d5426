//! Settings that an administrator changes on the Manage page, and secrets of one remote's own.

use crate::harness::{Api, ApiError, Options, World, run};
use courseferry_api::{
    AuditPage, ChangeSetting, ErrorCode, GetHome, GetOverview, ListAudit, ListSettings, ManagedSetting, SettingValue,
};

async fn set(api: &Api, name: &str, value: Option<&str>) -> Result<ManagedSetting, ApiError> {
    let change = SettingValue { name: name.to_owned(), value: value.map(str::to_owned) };
    let answer = api.post(&ChangeSetting, &change).await?;
    Ok(answer.settings.into_iter().find(|setting| setting.name == name).expect("the setting"))
}

#[test]
fn a_setting_changed_on_the_page_counts_at_once_is_audited_and_is_set_back_as_shipped() {
    run(async {
        let world = World::start(Options::default().set("limitstart", "20:00")).await;
        let (admin, teacher) = (world.log_in("admin").await, world.log_in("teacher1").await);
        let window = async || teacher.get(&GetHome).await.unwrap().window;
        assert!(window().await.always);

        set(&admin, "timelimitedmod", Some("1")).await.unwrap();
        let changed = set(&admin, "limitstart", Some(" 21:30 ")).await.unwrap();
        assert_eq!((changed.value.as_str(), changed.shipped.as_str(), changed.changeable), ("21:30", "20:00", true));
        assert!(changed.changed.is_some_and(|change| !change.by.is_empty()));
        let shown = window().await;
        assert_eq!((shown.always, shown.start), (false, 21 * 60 + 30));

        let audit: AuditPage = admin.get(&ListAudit).await.unwrap();
        assert!(audit.entries.iter().any(|line| line.entry.action == "manage.setting limitstart=21:30"), "{audit:?}");

        let back = set(&admin, "limitstart", None).await.unwrap();
        assert_eq!((back.value.as_str(), back.changed), ("20:00", None));
        assert_eq!(window().await.start, 20 * 60);
    });
}

#[test]
fn a_wrong_value_and_a_setting_that_needs_a_deployment_are_refused_and_change_nothing() {
    run(async {
        let world = World::start(Options::default()).await;
        let (admin, teacher) = (world.log_in("admin").await, world.log_in("teacher1").await);
        let before = admin.get(&ListSettings).await.unwrap();
        let long = "9".repeat(200);
        for (name, value, code) in [
            ("limitstart", Some("25:00"), ErrorCode::ConfigInvalid),
            ("attempts", Some("0"), ErrorCode::ConfigInvalid),
            ("attempts", Some(""), ErrorCode::RequestMalformed),
            ("attempts", Some(long.as_str()), ErrorCode::RequestMalformed),
            ("client_wwwroot", Some("https://elsewhere.example"), ErrorCode::RequestMalformed),
            ("CLIENT_TOKEN", Some("token"), ErrorCode::RequestMalformed),
        ] {
            let error = set(&admin, name, value).await.expect_err(name);
            assert_eq!(error.code(), code, "{name}");
        }
        let error = set(&teacher, "attempts", Some("3")).await.expect_err("no manager");
        assert_eq!(error.code(), ErrorCode::AccessDenied);
        assert_eq!(admin.get(&ListSettings).await.unwrap(), before);
    });
}

#[test]
fn a_remotes_own_secret_wins_over_the_list_and_a_wrong_one_is_named_without_its_value() {
    run(async {
        let mut world = World::start(Options::default()).await;
        let good = world.remotes[0].external_moodle();
        let (address, _) = good.split_once(',').unwrap();
        let list = world.setting("EXTERNAL_MOODLES").to_owned();
        world.set("EXTERNAL_MOODLES", &list.replace(&good, &format!("{address},0ldt0ken")));
        let id = world.remote(0).to_string();
        world.restart_worker_with(&format!("EXTERNAL_MOODLE_{id}"), &good).await;
        let teacher = world.log_in("teacher1").await;
        assert!(!teacher.courses(world.remote(0)).await.courses.is_empty());

        world.restart_worker_with(&format!("EXTERNAL_MOODLE_{id}"), "s3cret").await;
        let admin = world.log_in("admin").await;
        let overview = admin.get(&GetOverview).await.unwrap();
        let problems = format!("{:?}", overview.problems);
        assert!(problems.contains(&format!("EXTERNAL_MOODLE_{id}")) && !problems.contains("s3cret"), "{problems}");
        let list = world.log_in("teacher1").await.courses(world.remote(0)).await;
        assert_eq!(
            list.problem.map(|problem| problem.code),
            Some(ErrorCode::RemoteBadToken),
            "the list's entry is used"
        );
    });
}
