//! A demo that starts again on its data, on whatever port is free by then.

use super::{printed, program};
use crate::process::Demo;

#[test]
fn a_demo_on_another_port_still_mails_links_to_its_own_tenants() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    drop(Demo::start_in(&data, &[]).unwrap());
    let demo = Demo::start_in(&data, &[]).unwrap();
    let mut curl = program("curl");
    curl.args(["-sS", &format!("http://{}/api/forgotten", demo.text("/salesseek/host"))]);
    for (name, pointer) in
        [("email_address", "/salesseek/user/email_address"), ("callback_url", "/salesseek/callback_url")]
    {
        curl.args(["--data-urlencode", &format!("{name}={}", demo.text(pointer))]);
    }
    assert_eq!(printed("asking for a reset", &curl.output().unwrap()), "null");
}
