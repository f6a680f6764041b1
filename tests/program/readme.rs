//! What the README and the examples say is so.

use std::fs;
use std::process::Command;

fn read(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The commands of the README's shell blocks, without their prompts; a transcript's output is left out.
fn commands() -> Vec<String> {
    let text = read("README.md");
    let blocks =
        text.split("```").skip(1).step_by(2).filter(|block| block.starts_with("console") || block.starts_with("sh"));
    let lines = blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ "));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_roulette_command_of_the_readme_works_on_the_example() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["config.example.toml", "employees.example.csv"] {
        fs::write(dir.path().join(name), read(name)).unwrap();
    }
    let mut ran = 0;
    for line in commands() {
        let (program, args) = match line.split_once("cargo run --release -- ") {
            Some((_, args)) => (env!("CARGO_BIN_EXE_roulette"), args.to_owned()),
            None => match line.strip_prefix("roulette ") {
                Some(args) => (env!("CARGO_BIN_EXE_roulette"), args.to_owned()),
                None => continue,
            },
        };
        let line = format!("\"{program}\" --now 2026-12-01T09:00:00Z {args}");
        let output = Command::new("sh").args(["-c", &line]).current_dir(dir.path()).env_clear().output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{line}: {stderr}");
        if !dir.path().join("config.toml").exists() {
            fs::copy(dir.path().join("config.example.toml"), dir.path().join("config.toml")).unwrap();
        }
        ran += 1;
    }
    assert!(ran >= 8, "only {ran} commands were found in the README");
}
