//! Where a secret is kept: in an environment variable or in a file of its own, never in the config. It is read only
//! when it is used, and no message and no `Debug` shows it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
pub use secrecy::{ExposeSecret, SecretString};

use crate::store::files::regular;

/// The place where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The name of an environment variable; if it is not set, of a credential that systemd hands to the service.
    Env(String),
    /// A file that holds the secret and nothing else.
    File(PathBuf),
}

/// A secret that can be read when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The config's key, such as `webex.bot_token`.
    pub key: &'static str,
    /// Where the secret is kept.
    pub place: Place,
}

impl Secret {
    /// Reads the secret, without surrounding white space.
    ///
    /// # Errors
    /// Names the key and the place if the secret is missing, empty or unreadable.
    pub fn read(&self) -> anyhow::Result<SecretString> {
        let Self { key, place } = self;
        let (text, shown) = match place {
            Place::Env(name) => {
                let shown = format!("the environment variable {name}");
                match (env::var_os(name), credential(name)) {
                    (Some(text), _) => (text.into_string().map(SecretString::from).ok(), shown),
                    (None, Some(path)) => from_file(key, &path)?,
                    (None, None) => bail!("{key}: {shown} is not set"),
                }
            }
            Place::File(path) => from_file(key, path)?,
        };
        let Some(text) = text else { bail!("{key}: {shown} holds no text") };
        match text.expose_secret().trim() {
            "" => bail!("{key}: {shown} is empty"),
            several if several.contains(char::is_control) => bail!("{key}: {shown} holds more than one line"),
            trimmed => Ok(SecretString::from(trimmed)),
        }
    }
}

/// The secret in a file, and what to call that file.
fn from_file(key: &str, path: &Path) -> anyhow::Result<(Option<SecretString>, String)> {
    let shown = format!("the file {}", path.display());
    let text = regular::read(path).with_context(|| format!("{key}: {shown} cannot be read"))?;
    Ok((String::from_utf8(text).map(SecretString::from).ok(), shown))
}

/// The file of a credential of this name, if systemd's `LoadCredential` made one.
fn credential(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os("CREDENTIALS_DIRECTORY")?).join(name);
    path.exists().then_some(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const KEY: &str = "webex.bot_token";

    fn env(name: &str) -> Secret {
        Secret { key: KEY, place: Place::Env(name.to_owned()) }
    }

    #[test]
    fn a_secret_is_read_from_the_environment() {
        // Set by cargo for every test.
        assert_eq!(env("CARGO_PKG_NAME").read().unwrap().expose_secret(), "roulette");
    }

    #[test]
    fn a_secret_is_read_from_a_file_without_its_last_newline() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let secret = Secret { key: KEY, place: Place::File(path.clone()) };
        let missing = format!("webex.bot_token: the file {} cannot be read", path.display());
        assert_eq!(secret.read().unwrap_err().to_string(), missing);
        fs::write(&path, " \n").unwrap();
        let empty = format!("webex.bot_token: the file {} is empty", path.display());
        assert_eq!(secret.read().unwrap_err().to_string(), empty);
        fs::write(&path, [0xff]).unwrap();
        let binary = format!("webex.bot_token: the file {} holds no text", path.display());
        assert_eq!(secret.read().unwrap_err().to_string(), binary);
        fs::write(&path, "hush\r\n").unwrap();
        let text = secret.read().unwrap();
        assert_eq!(text.expose_secret(), "hush");
        assert!(!format!("{secret:?} {text:?}").contains("hush"));
    }

    #[test]
    fn a_variable_that_is_not_set_is_named_with_its_key() {
        let fault = env("ROULETTE_NEVER_SET").read().unwrap_err();
        assert_eq!(fault.to_string(), "webex.bot_token: the environment variable ROULETTE_NEVER_SET is not set");
    }
}
