//! Lists the files of `locales`, so that a further language is a further file and nothing else. `texts` includes the list.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=locales");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let mut files: Vec<_> = fs::read_dir(Path::new(&root).join("locales"))
        .expect("locales is a folder of the package")
        .map(|file| file.expect("a file of it").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .collect();
    files.sort();
    let line = |path: &std::path::PathBuf| {
        let code = path.file_stem().and_then(|stem| stem.to_str()).expect("named by a language code");
        format!("({code:?}, include_str!({path:?})),\n")
    };
    let list: String = files.iter().map(line).collect();
    let out = Path::new(&env::var("OUT_DIR").expect("cargo says where to write")).join("locales.rs");
    fs::write(out, format!("&[\n{list}]\n")).expect("the list can be written");
}
