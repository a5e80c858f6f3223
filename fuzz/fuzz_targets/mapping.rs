#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use postferry::mapping::{Mapping, UserFile, check};
use postferry::project::Project;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    if let Ok(project) = Project::parse(&text, Path::new("postferry.toml")) {
        let _ = project.overrides(&text, Path::new("postferry.toml"));
    }
    let file = UserFile { name: "x.toml".to_owned(), text };
    let _ = check(&file);
    for generator in ["jekyll", "hexo", "ink"] {
        let _ = Mapping::of_source(generator, std::slice::from_ref(&file));
    }
});
