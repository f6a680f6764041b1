//! What is refused: no effect, no trace, no leak.

use super::{INBOX, Receiving, SECRET, event, pipe, sign, waiting};

#[test]
fn a_body_is_not_believed_without_its_signature() {
    let world = Receiving::new();
    let body = event("M1");
    insta::assert_snapshot!(pipe(&world, body.as_bytes(), &[]).all(), @r"
    --- stderr
    error: refused: the body has no signature, so anybody may have written it
    hint: pass the value of its header X-Spark-Signature with: --signature HEX
    --- status 5
    ");
    insta::assert_snapshot!(pipe(&world, body.as_bytes(), &["--signature", &sign(b"another")]).all(), @r"
    --- stderr
    error: refused: the signature is wrong: Webex did not sign this body with our secret
    hint: the body must be exactly as it came, and webhook.secret must be the secret with which the webhook was created
    --- status 5
    ");
    for (changed, signature) in [
        (body.replace("M1", "M2"), sign(body.as_bytes())),
        (format!("{body}\n"), sign(body.as_bytes())),
        (body.clone(), String::new()),
        (body.clone(), "sha1".to_owned()),
    ] {
        let run = pipe(&world, changed.as_bytes(), &["--signature", &signature]);
        assert_eq!(run.status, 5, "{changed} {signature}: {}", run.stderr);
        assert!(!run.stderr.contains(SECRET) && !run.stderr.contains(&sign(changed.as_bytes())), "{}", run.stderr);
    }
    assert!(!world.path(INBOX).exists());
}

#[test]
fn a_signed_body_that_no_webhook_sends_is_refused_too() {
    let world = Receiving::new();
    let huge = format!(r#"{{"x":"{}"}}"#, "x".repeat(64 << 10));
    let truncated = &event("M1").into_bytes()[..40];
    for (body, why) in [
        (huge.as_bytes(), "error: refused: the body is longer than 65536 bytes, and no webhook is that long"),
        (truncated, "error: refused: the body is signed, but is not JSON"),
        (b"", "error: refused: the body is signed, but is not JSON"),
        (b"{\"resource\":\"\xff\"}", "error: refused: the body is signed, but is not JSON"),
    ] {
        let run = pipe(&world, body, &["--signature", &sign(body)]);
        assert_eq!((run.status, run.stderr.lines().next().unwrap()), (5, why));
    }
    assert!(!world.path(INBOX).exists());
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(30_000), "]".repeat(30_000));
    let run = pipe(&world, deep.as_bytes(), &["--signature", &sign(deep.as_bytes())]);
    assert!(run.status == 0 && run.stderr.contains(" an event: set aside as "), "{}", run.all());
    assert_eq!(waiting(&world), [""; 0]);
}

#[test]
fn without_a_secret_nothing_can_be_believed() {
    let world = Receiving::new();
    std::fs::remove_file(world.path("hook.txt")).unwrap();
    for args in
        [&["handle-action", "config.toml", "--signature", "00"][..], &["handle-action", "--listen", "127.0.0.1:0"]]
    {
        let run = world.run(args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains("webhook.secret: the file hook.txt cannot be read"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: make up a long secret"), "{}", run.stderr);
    }
}
