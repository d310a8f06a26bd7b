//! The recipes of the documentation, run as they are written.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::{Dir, until};
use cinepost::adapters::metadata::client;

/// The first shell block behind these words of a page.
fn recipe(page: &str, behind: &str) -> String {
    let text = std::fs::read_to_string(format!("{}/{page}", env!("CARGO_MANIFEST_DIR"))).expect("the page is there");
    let rest = text.split(behind).nth(1).unwrap_or_else(|| panic!("{page} does not say {behind:?}"));
    let block = rest.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("a shell block").to_owned()
}

/// A free port whose neighbours up to the ninth are free as well.
fn ten_free_ports() -> u16 {
    let bind = |port: u16| std::net::TcpListener::bind(("127.0.0.1", port));
    let first = || {
        let base = bind(0).ok()?.local_addr().ok()?.port();
        (0..10).map(|n| bind(base.checked_add(n)?).ok()).collect::<Option<Vec<_>>>().map(|_| base)
    };
    (0..100).find_map(|_| first()).expect("ten free ports in a row")
}

/// A shell with everything that it started: ended together.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulations_recipe_shows_the_sample_library_from_a_clean_start() {
    let dir = Dir::new();
    let (base, port) = (ten_free_ports(), ten_free_ports());
    // Only the ports are others: those of the page may be taken.
    let mut script = recipe("docs/simulation.md", "From an empty folder");
    for (written, free) in [(40_002, base), (40_010, base + 8), (8080, port)] {
        assert!(script.contains(&written.to_string()), "the recipe names port {written}");
        script = script.replace(&written.to_string(), &free.to_string());
    }
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_cinepost"));
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.parent().expect("in a folder").display());
    let mut command = Command::new("sh");
    command.args(["-euc", &script]).current_dir(&dir.path).env_clear().env("PATH", path);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = Shell(command.spawn().expect("there is a shell"));

    let mut lines = BufReader::new(shell.0.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let install =
        lines.find(|line| line.contains("http") && line.contains("/manifest.json")).expect("the install link");
    std::thread::spawn(move || lines.for_each(drop));
    let addon = install.trim().trim_end_matches("/manifest.json").to_owned();
    let http = client::builder().build().expect("a client");
    for kind in ["movie", "series"] {
        let url = format!("{addon}/catalog/{kind}/newest.json");
        let names = || async {
            let Ok(answer) = http.get(&url).send().await else { return 0 };
            let page: serde_json::Value = answer.json().await.expect("JSON");
            page["metas"].as_array().map_or(0, Vec::len)
        };
        until("the sample library", names, |count| *count >= 2).await;
    }
}
