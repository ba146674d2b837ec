//! Joins the pieces of each asset into one file, packs it once, and names it by its content, so that a browser may keep
//! it for ever and no request packs anything.

use flate2::{Compression, write::GzEncoder};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Each asset: its name, its extension, its media type, and its pieces in order.
const ASSETS: &[(&str, &str, &str, &[&str])] = &[
    (
        "pages",
        "css",
        "text/css; charset=utf-8",
        &[
            "css/tokens.css",
            "css/base.css",
            "css/page.css",
            "css/frame.css",
            "css/forms.css",
            "css/buttons.css",
            "css/cards.css",
            "css/notices.css",
            "css/tables.css",
            "css/console.css",
            "css/charts.css",
            "css/print.css",
        ],
    ),
    ("once", "js", "text/javascript; charset=utf-8", &["once.js"]),
    ("show", "js", "text/javascript; charset=utf-8", &["show.js"]),
    ("icon", "svg", "image/svg+xml", &["icon.svg"]),
];

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let from = Path::new("assets");
    println!("cargo::rerun-if-changed=assets");
    let mut table = String::from("[\n");
    for (name, extension, media, pieces) in ASSETS {
        let mut whole = Vec::new();
        for piece in *pieces {
            whole.extend(fs::read(from.join(piece))?);
        }
        let packed = out.join(format!("{name}.{extension}.gz"));
        let plain = out.join(format!("{name}.{extension}"));
        let mut packing = GzEncoder::new(fs::File::create(&packed)?, Compression::best());
        packing.write_all(&whole)?;
        packing.finish()?;
        fs::write(&plain, &whole)?;
        let tag = fingerprint(&whole);
        let line = writeln!(
            table,
            "Asset {{ name: {name:?}, extension: {extension:?}, media: {media:?}, tag: \"{tag:016x}\", \
             path: \"/assets/{name}.{tag:016x}.{extension}\", \
             plain: include_bytes!({plain:?}), packed: include_bytes!({packed:?}) }},"
        );
        line.map_err(io::Error::other)?;
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)
}

/// FNV-1a: tells one content from the next; nothing depends on its being hard to forge.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
