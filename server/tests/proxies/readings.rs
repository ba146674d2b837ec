//! How services read what they are sent: each cuts, decodes and tidies in an order of its own, so all orders count.

use super::stand_ins::Taken;
use percent_encoding::percent_decode_str;
use std::collections::BTreeSet;

/// Frameworks decode once, and careless ones again.
const DECODINGS: usize = 2;

/// Every path that a request target is for somebody. All decode it: `/%70ub` is `/pub` (RFC 3986 §6.2.2.2).
pub(super) fn paths(target: &str) -> BTreeSet<String> {
    let steps: [fn(&str) -> String; 7] = [
        |path| up_to(path, '?'),
        |path| up_to(path, '#'),
        |path| up_to(path, '\0'),
        |path| path.replace('\\', "/"),
        |path| path.split('/').map(|segment| up_to(segment, ';')).collect::<Vec<_>>().join("/"),
        merged,
        resolved,
    ];
    let mut known = BTreeSet::new();
    // Where a query begins is the one thing all agree on; an encoded `?` is another matter.
    let mut fresh = vec![(0, up_to(&origin_form(target), '?'))];
    while let Some((decodings, path)) = fresh.pop() {
        if !known.insert((decodings, path.clone())) {
            continue;
        }
        if decodings < DECODINGS {
            fresh.push((decodings + 1, percent_decode_str(&path).decode_utf8_lossy().into_owned()));
        }
        fresh.extend(steps.iter().map(|step| (decodings, step(&path))));
    }
    known.into_iter().filter(|(decodings, _)| *decodings > 0).map(|(_, path)| path).collect()
}

/// Whether a path is a prefix of whole segments or below it.
pub(super) fn is_within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Every host that a request is for, in the canonical spelling where it has one.
pub(super) fn hosts(taken: &Taken) -> Vec<String> {
    let named = taken.read("Host").into_iter().chain(taken.read("X-Forwarded-Host"));
    named.chain(authority(taken.path())).map(canonical).collect()
}

/// In lower case, without port and without the root's dot.
fn canonical(host: &str) -> String {
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let name = host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn authority(target: &str) -> Option<&str> {
    let (_, rest) = target.split_once("://").filter(|(scheme, _)| !scheme.contains('/'))?;
    rest.split(['/', '?', '#']).next()
}

/// The path and query of a target that names a host too.
fn origin_form(target: &str) -> String {
    match authority(target) {
        Some(authority) => target.split_once(authority).map_or("", |(_, rest)| rest).to_owned(),
        None => target.to_owned(),
    }
}

fn up_to(text: &str, end: char) -> String {
    text.split(end).next().unwrap_or_default().to_owned()
}

fn merged(path: &str) -> String {
    let mut merged = path.to_owned();
    while merged.contains("//") {
        merged = merged.replace("//", "/");
    }
    merged
}

fn resolved(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    for segment in &segments {
        match *segment {
            "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    let ends_in_a_folder = matches!(segments.last(), Some(&"." | &".."));
    format!("/{}{}", kept.join("/"), if ends_in_a_folder && !kept.is_empty() { "/" } else { "" })
}

#[test]
fn one_path_has_many_readings() {
    for (target, reading) in [
        ("/pub/../admin", "/admin"),
        ("/pub/%252e%252e/admin", "/admin"),
        ("/pub/..;x/admin", "/admin"),
        ("/pub%5c..%5cadmin?x", "/admin"),
        ("/pub/x//../..//admin/", "/admin/"),
        ("/admin%3f/../pub", "/admin"),
        ("/admin%00.png", "/admin"),
        ("http://host/pub/%2e./admin#x", "/admin"),
        ("/;/%61dmin;y", "/admin"),
    ] {
        let readings = paths(target);
        assert!(readings.contains(reading), "{target}: {readings:?}");
    }
    assert!(paths("/pub/x?next=/../../admin").iter().all(|path| is_within(path, "/pub")));
    assert!(!is_within("/administer", "/admin"));
}

#[test]
fn a_host_has_one_canonical_spelling() {
    for host in ["Open.Example", "open.example:80", "open.example.", "OPEN.example.:443", "open.example:"] {
        assert_eq!(canonical(host), "open.example", "{host}");
    }
    assert_eq!(authority("http://a@b:80/c"), Some("a@b:80"));
    assert_eq!(authority("/x?y=http://a/"), None);
}
