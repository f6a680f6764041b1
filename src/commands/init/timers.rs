//! What makes `run` work automatically: cron's line or systemd's units, printed, and written on request. Knows their
//! forms; entries that belong to somebody else are left alone.

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
use crate::show::text::shell_word;
use crate::store::config::Config;
use crate::store::files::durable;

/// Who runs it, and where.
struct Job {
    program: PathBuf,
    config: PathBuf,
    /// The folders to which it writes.
    folders: Vec<PathBuf>,
}

pub(super) fn run(ctx: &Context<'_>, args: &cli::Init, path: &Path, config: &Config) -> Result<()> {
    let place = |file: &Path| -> Result<PathBuf> {
        let file = durable::target(&absolute(file)?)?;
        let folder = durable::folder(&file);
        Ok(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()))
    };
    let mut folders = vec![place(&config.programme.state)?, place(&config.webex.tokens)?];
    folders.sort_unstable();
    folders.dedup();
    // A link to it has its own neighbours: it stays as it was named.
    let config = absolute(path)?;
    let folder = config.parent().unwrap_or(Path::new("/"));
    let config = folder.canonicalize()?.join(config.file_name().unwrap_or_default());
    let job = Job { program: program()?, config, folders };
    // A failure of one does not stop the other.
    let cron = if args.cron { write_crontab(ctx, &job) } else { Ok(()) };
    let systemd = args.systemd.as_ref().map_or(Ok(()), |folder| write_units(ctx, &job, folder.as_deref()));
    if !args.cron && args.systemd.is_none() {
        ctx.say(format_args!(
            "\nOne line in crontab -e is enough to run everything automatically (--cron writes it; \
             --systemd uses systemd):\n  {}",
            job.cron_line()
        ));
    }
    cron.and(systemd)
}

/// This program under the name with which it was called: a link stays right when a new version replaces this one.
fn program() -> Result<PathBuf> {
    let this = env::current_exe()?;
    let called = PathBuf::from(env::args_os().next().unwrap_or_default());
    let called = if called.components().count() > 1 {
        absolute(&called).ok()
    } else {
        let folders: Vec<PathBuf> =
            env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
        folders.iter().map(|folder| folder.join(&called)).find(|path| path.is_absolute() && path.is_file())
    };
    Ok(called.filter(|path| path.canonicalize().ok() == this.canonicalize().ok()).unwrap_or(this))
}

impl Job {
    fn command(&self) -> String {
        format!("{} -q --config {}", word(&self.program), word(&self.config))
    }

    /// In a crontab, a percent sign ends a line.
    fn cron_line(&self) -> String {
        format!("*/15 * * * * {} run", self.command()).replace('%', "\\%")
    }

    fn unit_command(&self, rest: &str) -> String {
        format!("{} -q --config {} {rest}", unit_word(&self.program), unit_word(&self.config))
    }
}

/// In a unit, a percent sign and a dollar sign have a meaning.
fn unit_word(path: &Path) -> String {
    let text = path.display().to_string().replace('%', "%%").replace('$', "$$");
    let is_plain = text.chars().all(|it| it.is_ascii_alphanumeric() || "/._-+%$".contains(it));
    if is_plain { text } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn word(path: &Path) -> String {
    shell_word(&path.to_string_lossy()).into_owned()
}

/// Makes cron run it, unless a line of the crontab already does. No other line is changed.
fn write_crontab(ctx: &Context<'_>, job: &Job) -> Result<()> {
    let line = job.cron_line();
    let hint = format!("add this line with crontab -e:\n  {line}");
    let crontab = |args: &[&str]| {
        let mut command = Command::new("crontab");
        command.args(args).stdin(Stdio::null());
        command
    };
    let listed = crontab(&["-l"]).output().map_err(|error| anyhow!("crontab cannot be run: {error}\nhint: {hint}"))?;
    // If there is no crontab, it says so and fails.
    let words = String::from_utf8_lossy(&listed.stderr).to_lowercase();
    if !listed.status.success() && !words.contains("no crontab") {
        bail!("crontab -l: {}\nhint: {hint}", words.trim());
    }
    let before = String::from_utf8(listed.stdout).context("the crontab is not UTF-8 text")?;
    if let Some(there) = before.lines().find(|there| runs(there, &job.config)) {
        ctx.say(format_args!("the crontab already runs it:\n  {there}"));
        return Ok(());
    }
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let text = format!("{before}{end}{line}\n");
    let mut child = crontab(&["-"]).stdin(Stdio::piped()).spawn()?;
    let piped = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
    let status = child.wait()?;
    if !status.success() || piped.is_err() {
        bail!("crontab did not accept the line\nhint: {hint}");
    }
    ctx.say(format_args!("the crontab now runs it every quarter of an hour:\n  {line}"));
    Ok(())
}

/// Whether a line of a crontab makes this program run for the same config.
fn runs(line: &str, config: &Path) -> bool {
    let line = line.trim_start();
    let named = [word(config), config.display().to_string()].map(|config| config.replace('%', "\\%"));
    let names = |named: &String| {
        let config = [format!("--config {named}"), format!("--config={named}")];
        config
            .iter()
            .any(|config| line.split_once(&**config).is_some_and(|(_, rest)| rest.starts_with(char::is_whitespace)))
    };
    !line.starts_with('#')
        && line.contains("roulette")
        && line.split_whitespace().any(|it| it == "run")
        && named.iter().any(names)
}

/// Writes those units that do not exist yet. A unit that exists and says something else belongs to somebody, and stays.
fn write_units(ctx: &Context<'_>, job: &Job, folder: Option<&Path>) -> Result<()> {
    let is_root = geteuid().is_root();
    let usual = if is_root { Some(PathBuf::from("/etc/systemd/system")) } else { own_units() };
    let folder = folder.map(Path::to_owned).or_else(|| usual.clone());
    let folder = folder.context("there is no home folder for units of your own")?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut others = Vec::new();
    for (name, text) in &units(job, is_root) {
        let path = folder.join(name);
        match fs::read_to_string(&path) {
            Ok(there) if there == *text => {}
            Ok(_) => others.push(path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
                ctx.say(format_args!("{} is written", path.display()));
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
    if !others.is_empty() {
        let hint = "remove your version to have it written again, or use another folder with --systemd DIR";
        bail!("already there, and left as it is: {}\nhint: {hint}", others.join(", "));
    }
    let user = if is_root { "" } else { " --user" };
    let linger = if is_root { "" } else { "\n  loginctl enable-linger    # keeps running when you are logged out" };
    let elsewhere = usual.filter(|usual| *usual != folder);
    let copied = elsewhere.map(|usual| format!("copy them to {}, and ", usual.display())).unwrap_or_default();
    ctx.say(format_args!(
        "{copied}turn them on with:\n  systemctl{user} daemon-reload\n  \
         systemctl{user} enable --now roulette.timer roulette-listen.service{linger}"
    ));
    Ok(())
}

fn own_units() -> Option<PathBuf> {
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let config = config.or_else(|| Some(env::home_dir()?.join(".config")));
    Some(config?.join("systemd/user"))
}

fn units(job: &Job, is_root: bool) -> [(&'static str, String); 3] {
    let folders: Vec<String> = job.folders.iter().map(|folder| format!("-{}", unit_word(folder))).collect();
    let folders = folders.join(" ");
    // A user's own unit has no right to most of these.
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
                "[Unit]\nDescription=Roulette: whatever is due\n{wants}\n[Service]\nType=oneshot\n# 3: something is \
                    left for the next run.\nSuccessExitStatus=3\nExecStart={}\n{hardened}",
                job.unit_command("run")
            ),
        ),
        (
            "roulette.timer",
            "[Unit]\nDescription=Roulette, every quarter of an hour\n\n[Timer]\nOnCalendar=*:0/15\n\
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
