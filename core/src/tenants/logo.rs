//! The picture on a tenant's pages, and on those of everything below it that has none of its own.
//!
//! Its tag stands among the tenant's facts, so that whoever knows the tenant knows whether there is one, and a page names a
//! new one by a new address.

use super::edit::check_facts;
use crate::{Actor, Branch, Caller, Core, Error, Expected, Result, expected};
use doorward_model::{Event, EventKind, Tenant, TenantId};
use doorward_store::{events, logos, tenants};

/// The fact that names a logo.
pub const LOGO_FACT: &str = "brand_logo";
/// A hosted page weighs 30 KB without it; with it, it is still there at once.
pub const LOGO_BYTES: usize = 32 * 1024;
/// Pixels either way: more than any screen shows at two rem.
pub const LOGO_PIXELS: u32 = 1_024;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Gives a tenant a logo, or takes it away with `None`. Its administrators may. `expected` is the version of the tenant that was
/// read.
///
/// Errors: [`Error::Invalid`] for what is no PNG of at most [`LOGO_BYTES`] and [`LOGO_PIXELS`]; [`Error::NotAllowed`];
/// [`Error::NotFound`]; [`Error::Conflict`] for another version.
pub async fn set_logo(
    core: &Core,
    caller: &Caller,
    actor: &Actor,
    branch: &Branch,
    png: Option<Vec<u8>>,
    expected: Expected,
) -> Result<()> {
    actor.administers(branch)?;
    if let Some(png) = &png {
        check(png)?;
    }
    let (pool, id, now) = (branch.pool(), branch.tenant().id, core.now());
    let event = Event {
        detail: Some(branch.tenant().slug.to_string()),
        ..core.act(caller, actor, EventKind::TenantChanged, (pool, id), now)?
    };
    let written = core.db().write(pool, move |tx| {
        let Some(mut tenant) = tenants::find(tx, id)? else { return Ok(Err(Error::NotFound)) };
        if let Err(stale) = expected::check(expected, tenant.version) {
            return Ok(Err(stale));
        }
        tenant.profile.retain(|(name, _)| name != LOGO_FACT);
        if let Some(png) = &png {
            tenant.profile.push((LOGO_FACT.to_owned(), tag(png)));
            if let Err(full) = check_facts(&tenant.profile) {
                return Ok(Err(full));
            }
        }
        match &png {
            Some(png) => logos::set(tx, id, png, now)?,
            None => {
                logos::delete(tx, id)?;
            }
        }
        tenants::update(tx, &Tenant { modified_at: now, ..tenant })?;
        events::insert(tx, &event)?;
        Ok(Ok(()))
    });
    written.await?
}

/// The logo of a tenant's pages: its own, else that of the nearest above.
pub async fn logo(core: &Core, branch: &Branch) -> Result<Option<Vec<u8>>> {
    let nodes: Vec<TenantId> = branch.upwards().map(|node| node.id).collect();
    let found = core.db().read(branch.pool(), move |tx| {
        for node in &nodes {
            if let Some(png) = logos::find(tx, *node)? {
                return Ok(Some(png));
            }
        }
        Ok(None)
    });
    Ok(found.await?)
}

/// Tells one picture from the next; FNV-1a, as nothing depends on its being hard to forge.
fn tag(png: &[u8]) -> String {
    let hash = png.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// PNG (RFC 2083 §3.1, §4.1.1): the signature, then the header with width and height. The rest is the browser's to read.
fn check(png: &[u8]) -> Result<()> {
    let refused = |problem: String| Err(Error::invalid("logo", problem));
    if png.len() > LOGO_BYTES {
        return refused(format!("expected at most {} KiB", LOGO_BYTES / 1024));
    }
    let pixels = |from: usize| {
        let bytes: Option<[u8; 4]> = png.get(from..from + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes)
    };
    let is_png = png.starts_with(SIGNATURE) && png.get(12..16) == Some(b"IHDR");
    match (is_png, pixels(16), pixels(20)) {
        (true, Some(1..=LOGO_PIXELS), Some(1..=LOGO_PIXELS)) => Ok(()),
        (true, Some(_), Some(_)) => refused(format!("expected at most {LOGO_PIXELS} pixels either way")),
        _ => refused("expected a PNG picture".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [SIGNATURE, &[0, 0, 0, 13], b"IHDR", &size, &[8, 6, 0, 0, 0]].concat()
    }

    #[test]
    fn only_small_pictures_that_browsers_read_as_such() {
        assert!(check(&png(1, 1)).is_ok() && check(&png(1024, 64)).is_ok());
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
        let cut = png(1, 1)[..18].to_vec();
        let long = [png(1, 1), vec![0; LOGO_BYTES]].concat();
        for not in [Vec::new(), svg, cut, long, png(0, 1), png(1025, 1), b"\x89PNG\r\n\x1a\n".to_vec()] {
            assert!(matches!(check(&not), Err(Error::Invalid { field: "logo", .. })), "{} bytes", not.len());
        }
    }

    #[test]
    fn another_picture_has_another_tag() {
        assert_ne!(tag(&png(1, 1)), tag(&png(1, 2)));
        assert!(tag(&[]).bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
