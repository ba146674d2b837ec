//! The line that a fault prints.

use super::progress::Counted;

pub(super) struct Told {
    pub(super) name: &'static str,
    pub(super) counted: Counted,
}

impl Told {
    /// `bench/faults/` looks for it.
    #[expect(clippy::print_stdout, reason = "what the fault harness is run for")]
    pub(super) fn print(&self) {
        let Self { name, counted } = self;
        let (errors, unreachable) = counted
            .nodes
            .iter()
            .fold((0, 0), |(errors, gone), node| (errors + node.errors, gone + node.unreachable));
        println!(
            "\nfault={name} acknowledged={} lost={} revived={} unavailable_ms={} errors_5xx={errors} \
             connections_failed={unreachable}",
            counted.acknowledged(),
            counted.lost.len(),
            counted.revived.len(),
            counted.gap.as_millis(),
        );
    }

    /// Nothing is lost, nothing revived, and whoever could not be served was told so in the door's own words.
    pub(super) fn assert(&self) {
        let Counted { lost, revived, broken, .. } = &self.counted;
        assert!(lost.is_empty(), "lost: {lost:#?}");
        assert!(revived.is_empty(), "revived: {revived:#?}");
        assert!(broken.is_empty(), "broken: {broken:#?}");
    }
}
