//! What Dockerfile and compose.yaml promise, as far as it can be read in them: no container engine is asked.

use std::collections::BTreeMap;

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the file is there")
}

/// `caddy:2.11.4`, `rust:1.95.0-slim-bookworm`: three numbers behind the colon, or a digest.
fn is_pinned(image: &str) -> bool {
    let tag = image.split_once(':').map_or("", |(_, tag)| tag);
    let version = tag.split('-').next().unwrap_or_default();
    let is_version = version.split('.').count() == 3 && version.split('.').all(|n| n.parse::<u32>().is_ok());
    is_version || image.contains("@sha256:")
}

#[test]
fn every_image_of_others_is_named_by_its_exact_version() {
    let dockerfile = text("Dockerfile");
    let bases: Vec<_> = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")?.split(' ').next()).collect();
    assert_eq!(bases.len(), 2, "{bases:?}");
    for image in bases.into_iter().filter(|image| *image != "scratch") {
        assert!(is_pinned(image), "{image}");
    }
    let compose = text("compose.yaml");
    let images: Vec<_> = compose.lines().filter_map(|line| line.trim().strip_prefix("image: ")).collect();
    assert_eq!(images.len(), 3, "{images:?}");
    for image in images.into_iter().filter(|image| *image != "cinepost") {
        assert!(is_pinned(image), "{image}");
    }
    assert!(!is_pinned("caddy:2") && !is_pinned("mongo:latest") && !is_pinned("mongo") && is_pinned("a:1.2.3-slim"));
}

/// The lines of each service, by its name.
fn services() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut name = None;
    for line in text("compose.yaml").lines().skip_while(|line| *line != "services:").skip(1) {
        if !line.starts_with(' ') && !line.is_empty() {
            break;
        }
        match line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')).and_then(|rest| rest.strip_suffix(':')) {
            Some(service) => name = Some(service.to_owned()),
            None => found.entry(name.clone().expect("a name first")).or_default().push(line.trim().to_owned()),
        }
    }
    found
}

#[test]
fn every_service_is_locked_in() {
    let services = services();
    assert_eq!(services.keys().collect::<Vec<_>>(), ["caddy", "cinepost", "mongo"]);
    for (name, lines) in &services {
        for wanted in
            ["read_only: true", "cap_drop: [ALL]", "security_opt: [\"no-new-privileges:true\"]", "tmpfs: [/tmp]"]
        {
            assert!(lines.iter().any(|line| line == wanted), "{name} has {wanted}");
        }
    }
    let mongo = services["mongo"].join("\n");
    assert!(mongo.contains("MONGO_INITDB_ROOT_PASSWORD") && !mongo.contains("ports:"), "{mongo}");
}

/// The value of a line `name = "value"`.
fn value(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
    line.unwrap_or_else(|| panic!("no {name}")).trim().trim_matches('"').to_owned()
}

#[test]
fn one_compiler_builds_everywhere() {
    let version = value(&text("rust-toolchain.toml"), "channel");
    assert!(text("Dockerfile").contains(&format!("FROM rust:{version}-")), "the image is built by {version}");
    let oldest = value(&text("Cargo.toml"), "rust-version");
    let number = |version: &str| version.split('.').map(|n| n.parse().expect("a number")).collect::<Vec<u32>>();
    assert!(number(&oldest) <= number(&version), "{oldest} is claimed, {version} is tested");
}

#[test]
fn the_image_is_built_of_the_whole_workspace() {
    let context = text(".dockerignore");
    for needed in ["Cargo.toml", "Cargo.lock", "src", "crates", "templates", "addon-manifest", "benches", "tests"] {
        assert!(context.lines().any(|line| line == format!("!{needed}")), "{needed} is not in the build context");
    }
}
