//! The stand-in as a program: one remote, one client, or the whole demo. It ends when its standard input does.

use courseferry_api::RemoteKind;
use courseferry_moodle::Secret;
use courseferry_tests::{
    StandIn,
    client::{Client, ClientConfig, Pace},
    demo,
    remote::{Remote, RemoteConfig},
};
use pico_args::Arguments;
use serde_json::json;
use std::{
    error::Error,
    io::{Read, Write},
    path::PathBuf,
    time::Duration,
};

const HELP: &str = "\
standin dev    --worker ORIGIN [--port 8700] [--backups DIRECTORY]
  A client at the port and three remotes, one of each kind, at the next ones; with --backups a fourth, whose courses
  are its .mbz files.
standin client --worker ORIGIN [--port P]
standin remote [--demo sciences|lettres|medecine] [--kind original2|original3|courseferry] [--name N]
               [--port P] [--backups DIRECTORY] [--large BYTES] [--teachers USERNAME,…] [--backup-seconds S]

Secrets are in the environment: CLIENT_TOKEN, LAUNCH_KEY, SERVICE_KEY; a remote's is REMOTE_TOKEN.
The first line of the output is JSON: settings for the Worker. All ends with standard input.
";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let command = arguments.subcommand()?;
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(());
    }
    match command.as_deref() {
        Some("dev") => dev(arguments),
        Some("client") => {
            let client = StandIn::client(client_config(&mut arguments, 0)?)?;
            finished(arguments)?;
            stay(&json!({ "client_wwwroot": client.address(), "CLIENT_TOKEN": client.config().token }))
        }
        Some("remote") => {
            let remote = StandIn::remote(remote_config(&mut arguments)?)?;
            finished(arguments)?;
            stay(&json!({ "EXTERNAL_MOODLES": remote.external_moodle() }))
        }
        _ => Err(HELP.into()),
    }
}

fn client_config(arguments: &mut Arguments, port: u16) -> Result<ClientConfig> {
    let secret = |name: &str, own: Secret| std::env::var(name).map_or(own, Secret::new);
    let default = ClientConfig::default();
    Ok(ClientConfig {
        port: arguments.opt_value_from_str("--port")?.unwrap_or(port),
        worker: arguments.opt_value_from_str("--worker")?,
        token: std::env::var("CLIENT_TOKEN").unwrap_or(default.token),
        launch_key: secret("LAUNCH_KEY", default.launch_key),
        service_key: secret("SERVICE_KEY", default.service_key),
        npm: default.npm,
        pace: Pace::visible(),
    })
}

fn remote_config(arguments: &mut Arguments) -> Result<RemoteConfig> {
    let demo: Option<String> = arguments.opt_value_from_str("--demo")?;
    let mut config = match demo.as_deref() {
        None => RemoteConfig::new("Remote Moodle", "0123456789abcdef0123456789abcdef"),
        Some("sciences") => demo::sciences(),
        Some("lettres") => demo::lettres(),
        Some("medecine") => demo::medecine(),
        Some(other) => return Err(format!("no demo is called {other}\n\n{HELP}").into()),
    };
    config.name = arguments.opt_value_from_str("--name")?.unwrap_or(config.name);
    config.token = std::env::var("REMOTE_TOKEN").unwrap_or(config.token);
    let kind: Option<String> = arguments.opt_value_from_str("--kind")?;
    if let Some(kind) = kind {
        config.kind = kind.parse().map_err(|()| format!("no remote is of the kind {kind}\n\n{HELP}"))?;
    }
    config.port = arguments.opt_value_from_str("--port")?.unwrap_or_default();
    let seconds: Option<f64> = arguments.opt_value_from_str("--backup-seconds")?;
    config.backup_time = Duration::from_secs_f64(seconds.unwrap_or_default());
    let teachers: Option<String> = arguments.opt_value_from_str("--teachers")?;
    let teachers = teachers.unwrap_or_else(|| "teacher1".to_owned());
    let teachers: Vec<&str> = teachers.split(',').collect();
    if let Some(directory) = arguments.opt_value_from_str::<_, PathBuf>("--backups")? {
        config = config.with_backups_of(&directory, &teachers)?;
    }
    if let Some(bytes) = arguments.opt_value_from_str("--large")? {
        config = config.with_large_course(500, bytes, &teachers);
    }
    Ok(config)
}

fn dev(mut arguments: Arguments) -> Result<()> {
    let backups: Option<PathBuf> = arguments.opt_value_from_str("--backups")?;
    let config = client_config(&mut arguments, 8700)?;
    finished(arguments)?;
    let port = config.port;
    let mut remotes = vec![
        RemoteConfig { cron: Duration::from_secs(2), ..demo::sciences() }.of_kind(RemoteKind::Courseferry),
        demo::lettres().of_kind(RemoteKind::Original2),
        demo::medecine().of_kind(RemoteKind::Original3),
    ];
    if let Some(directory) = backups {
        let config = RemoteConfig::new("Real backups", "0123456789abcdef0123456789abcdef");
        remotes.push(config.with_backups_of(&directory, &["teacher1"])?);
    }
    let client = StandIn::client(config)?;
    let remotes: Vec<StandIn<Remote>> = (port + 1..)
        .zip(remotes)
        .map(|(port, remote)| StandIn::remote(RemoteConfig { port, backup_time: Duration::from_secs(4), ..remote }))
        .collect::<std::io::Result<_>>()?;
    introduce(&client, &remotes);
    let moodles: Vec<String> = remotes.iter().map(|remote| remote.external_moodle()).collect();
    stay(&json!({
        "EXTERNAL_MOODLES": moodles.join(";"), "client_wwwroot": client.address(), "CLIENT_TOKEN": client.config().token,
        "defaultcategory": "9", "defaultcategorychecked": "1", "restorecourseinoriginalcategory": "1", "timelimitedmod": "0",
    }))
}

/// Tells a person who is who. Not on the standard output, which is for programs.
fn introduce(client: &StandIn<Client>, remotes: &[StandIn<Remote>]) {
    eprintln!("\n  Dashboard  {}/my/   (?bs=4 as in Moodle 4.5, ?bs=5 as in 5.x, ?theme=dark)", client.address());
    for remote in remotes {
        let RemoteConfig { name, kind, .. } = remote.config();
        eprintln!("  Remote     {}   {name} ({})", remote.address(), kind.as_str());
        for (file, why) in &remote.config().not_listed {
            eprintln!("             not listed: {}, {why}", file.display());
        }
    }
    eprintln!("\n  Users, password \"moodle\":");
    for user in client.site_now().users.iter().filter(|user| user.username != "guest") {
        eprintln!("    {:<10} {:<22} {}", user.username, user.fullname(), user.about);
    }
    eprintln!();
}

fn finished(arguments: Arguments) -> Result<()> {
    match arguments.finish().first() {
        Some(word) => Err(format!("`{}` means nothing here\n\n{HELP}", word.display()).into()),
        None => Ok(()),
    }
}

/// Says what the Worker needs to know, and waits for the end of standard input.
fn stay(settings: &serde_json::Value) -> Result<()> {
    let mut output = std::io::stdout();
    writeln!(output, "{settings}")?;
    output.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
