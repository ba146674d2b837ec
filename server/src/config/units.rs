//! Durations like `30s` and sizes like `64KiB`.

use std::fmt;
use std::time::Duration;

/// A number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// A number of KiB.
    pub const fn kib(kib: u64) -> Self {
        Self(kib * 1024)
    }

    /// A number of MiB.
    pub const fn mib(mib: u64) -> Self {
        Self::kib(mib * 1024)
    }

    /// The number of bytes.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// As the type of lengths in memory; pinned where memory is smaller than the number.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

const SIZE_UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

const DURATION_UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_unit(self.0, &SIZE_UNITS))
    }
}

pub(super) fn parse_size(text: &str) -> Option<ByteSize> {
    parse_with_unit(text, &SIZE_UNITS).map(ByteSize)
}

/// Reads `500ms`, `30s`, `5m`, `24h`, `7d`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    parse_with_unit(text, &DURATION_UNITS).map(Duration::from_millis)
}

pub(super) fn show_duration(duration: Duration) -> String {
    with_unit(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX), &DURATION_UNITS)
}

fn parse_with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()))?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn with_unit(number: u64, units: &[(&str, u64)]) -> String {
    let fits = |factor: u64| number >= factor && number.is_multiple_of(factor);
    let (unit, factor) = units.iter().find(|(_, factor)| fits(*factor)).copied().unwrap_or(("s", 1));
    format!("{}{unit}", number / factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["1ms", "30s", "90s", "5m", "24h", "30d"] {
            let duration = parse_duration(text).unwrap();
            assert_eq!(parse_duration(&show_duration(duration)), Some(duration), "{text}");
        }
        assert_eq!(show_duration(Duration::from_secs(90)), "90s");
        assert_eq!(parse_size("64KiB"), Some(ByteSize::kib(64)));
        assert_eq!(ByteSize::mib(1).to_string(), "1MiB");
        assert_eq!(parse_duration(&show_duration(Duration::ZERO)), Some(Duration::ZERO));
    }

    #[test]
    fn a_number_without_a_unit_or_beyond_the_type_is_refused() {
        for text in ["", "30", "s", "-5s", "5 weeks", "99999999999999999999s", "18446744073709551615d"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        assert_eq!(parse_size("64"), None);
    }
}
