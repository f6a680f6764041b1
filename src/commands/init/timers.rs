//! What has `run` do its work by itself: cron's line or systemd's units, printed, and written on request.
//! Knows their forms; what is there of others' is left alone.

use std::env;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf, absolute};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};
use rustix::process::geteuid;

use crate::app::context::Context;
use crate::cli;
use crate::store::config::Config;
use crate::store::files::durable;

/// Who runs it, and where.
struct Job {
    program: PathBuf,
    config: PathBuf,
    /// The folders in which it writes.
    folders: Vec<PathBuf>,
}

pub(super) fn run(ctx: &Context<'_>, args: &cli::Init, path: &Path, config: &Config) -> Result<()> {
    let place = |file: &Path| absolute(file).map(|file| durable::folder(&file).to_owned());
    let mut folders = vec![place(&config.programme.state)?, place(&config.webex.tokens)?];
    folders.sort_unstable();
    folders.dedup();
    let job = Job { program: env::current_exe()?, config: absolute(path)?, folders };
    if args.cron {
        write_crontab(ctx, &job)?;
    }
    if let Some(folder) = &args.systemd {
        write_units(ctx, &job, folder.as_deref())?;
    }
    if !args.cron && args.systemd.is_none() {
        ctx.say(format_args!(
            "\nTo have the work done by itself, one line in crontab -e is enough (--cron writes it, --systemd has \
             systemd do it):\n  {}",
            job.cron_line()
        ));
    }
    Ok(())
}

impl Job {
    fn command(&self) -> String {
        format!("{} -q --config {}", quoted(&self.program), quoted(&self.config))
    }

    /// In a crontab, a percent sign ends a line.
    fn cron_line(&self) -> String {
        format!("*/15 * * * * {} run", self.command()).replace('%', "\\%")
    }

    /// In a unit, a percent sign and a dollar begin something.
    fn unit_command(&self, rest: &str) -> String {
        let quote = |path: &Path| {
            let text = path.display().to_string().replace('%', "%%").replace('$', "$$");
            let is_plain = text.chars().all(|it| it.is_ascii_alphanumeric() || "/._-+%$".contains(it));
            if is_plain { text } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
        };
        format!("{} -q --config {} {rest}", quote(&self.program), quote(&self.config))
    }
}

/// As a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|it| it.is_ascii_alphanumeric() || "/._-+".contains(it));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Has cron run it, in place of a line of ours for the same config.
fn write_crontab(ctx: &Context<'_>, job: &Job) -> Result<()> {
    let line = job.cron_line();
    let hint = format!("add this line with crontab -e:\n  {line}");
    let crontab = |args: &[&str]| {
        let mut command = Command::new("crontab");
        command.args(args).stdin(Stdio::null());
        command
    };
    let listed = crontab(&["-l"]).output().map_err(|error| anyhow!("crontab cannot be run: {error}\nhint: {hint}"))?;
    // Without a crontab it says so and fails.
    let words = String::from_utf8_lossy(&listed.stderr).to_lowercase();
    if !listed.status.success() && !words.contains("no crontab") {
        bail!("crontab -l: {}\nhint: {hint}", words.trim());
    }
    let before = String::from_utf8(listed.stdout).context("the crontab is not UTF-8 text")?;
    let config = quoted(&job.config).replace('%', "\\%");
    let is_ours = |one: &&str| {
        one.trim_end().ends_with(" run") && one.contains(&format!("--config {config} ")) && !one.starts_with('#')
    };
    if before.lines().any(|one| one == line) {
        ctx.say("the crontab has the line already");
        return Ok(());
    }
    let mut after: Vec<&str> = before.lines().filter(|one| !is_ours(one)).collect();
    after.push(&line);
    let text = after.join("\n") + "\n";
    let mut child = crontab(&["-"]).stdin(Stdio::piped()).spawn()?;
    let piped = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
    let status = child.wait()?;
    if !status.success() || piped.is_err() {
        bail!("crontab did not take the line\nhint: {hint}");
    }
    ctx.say(format_args!("the crontab has it now, each quarter of an hour:\n  {line}"));
    Ok(())
}

/// Writes the units, unless others of these names are there.
fn write_units(ctx: &Context<'_>, job: &Job, folder: Option<&Path>) -> Result<()> {
    let is_root = geteuid().is_root();
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None if is_root => PathBuf::from("/etc/systemd/system"),
        None => own_units()?,
    };
    let units = units(job, is_root);
    for (name, _) in &units {
        let path = folder.join(name);
        let there = match fs::read_to_string(&path) {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let config = job.unit_command("");
        let is_ours =
            name.ends_with(".timer") || there.contains(config.split(" -q ").nth(1).unwrap_or_default().trim());
        if !is_ours {
            bail!("{} is of another config: it is left as it is, and nothing is written", path.display());
        }
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in &units {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        ctx.say(format_args!("{} is written", path.display()));
    }
    let (sudo, user) = if is_root { ("", "") } else { ("", " --user") };
    let linger = if is_root { "" } else { "\n  loginctl enable-linger    # goes on when you are logged out" };
    ctx.say(format_args!(
        "turn them on with:\n  {sudo}systemctl{user} daemon-reload\n  \
         {sudo}systemctl{user} enable --now roulette.timer roulette-listen.service{linger}"
    ));
    Ok(())
}

fn own_units() -> Result<PathBuf> {
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let config = config.or_else(|| Some(env::home_dir()?.join(".config")));
    Ok(config.context("there is no home folder for units of your own")?.join("systemd/user"))
}

fn units(job: &Job, is_root: bool) -> [(&'static str, String); 3] {
    let folders: Vec<String> =
        job.folders.iter().map(|folder| format!("\"{}\"", folder.display().to_string().replace('%', "%%"))).collect();
    let folders = folders.join(" ");
    // A unit of one's own has no right to most of these.
    let hardened = if is_root {
        let user = fs::metadata(&job.config).map(|it| it.uid()).unwrap_or_default();
        format!(
            "User={user}\nUMask=0077\nNoNewPrivileges=yes\nProtectSystem=strict\nReadWritePaths={folders}\n\
             PrivateTmp=yes\nPrivateDevices=yes\nProtectKernelTunables=yes\nProtectControlGroups=yes\n\
             RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\nRestrictSUIDSGID=yes\nLockPersonality=yes\n"
        )
    } else {
        "UMask=0077\n".to_owned()
    };
    let wants = if is_root { "Wants=network-online.target\nAfter=network-online.target\n" } else { "" };
    let target = if is_root { "multi-user.target" } else { "default.target" };
    [
        (
            "roulette.service",
            format!(
                "[Unit]\nDescription=Roulette: whatever is due\n{wants}\n[Service]\nType=oneshot\nExecStart={}\n{hardened}",
                job.unit_command("run")
            ),
        ),
        (
            "roulette.timer",
            "[Unit]\nDescription=Roulette, each quarter of an hour\n\n[Timer]\nOnCalendar=*:0/15\n\
             RandomizedDelaySec=60\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
                .to_owned(),
        ),
        (
            "roulette-listen.service",
            format!(
                "[Unit]\nDescription=Roulette: hears what people type and tap\n{wants}\n[Service]\nExecStart={}\n\
                 Restart=on-failure\nRestartSec=30\n{hardened}\n[Install]\nWantedBy={target}\n",
                job.unit_command("handle-action --listen")
            ),
        ),
    ]
}
