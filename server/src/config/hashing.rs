//! `[hashing]`: how passwords are hashed, and how much memory that may take (P6, P18).

use super::reader::Reader;
use doorward_model::Secret;

/// Password hashing: Argon2id.
#[derive(Clone, Debug)]
pub struct Hashing {
    /// Argon2's m, in KiB.
    pub memory_kib: u32,
    /// Argon2's t.
    pub passes: u32,
    /// Argon2's p.
    pub lanes: u32,
    /// Hashing threads; `None`: one per core, as far as `memory_limit_mib` allows.
    pub threads: Option<usize>,
    /// What all hashes at one time may take together, in MiB.
    pub memory_limit_mib: u32,
    /// How many sign-ins may wait; one more is told to come back (503).
    pub waiting: usize,
    /// Whether the processor's vector instructions are used where it has them.
    pub vectors: bool,
    /// Mixed into every hash and kept outside the database.
    pub pepper: Option<Secret>,
}

impl Hashing {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section(
            "hashing",
            "Password hashing (Argon2id). Raised values take effect for each person at their next sign-in.",
        );
        let hashing = Self {
            // The floor is the weakest line of OWASP's table (m=7168, t=5); the ceiling is 2 GiB for one hash.
            memory_kib: section.within("memory_kib", 19_456, 7168..=2_097_152, "Memory of one hash, in KiB."),
            passes: section.within("passes", 2, 1..=64, "Passes over that memory."),
            lanes: section.within("lanes", 1, 1..=16, "Lanes of one hash."),
            threads: section.optional(
                "threads",
                "2",
                "Threads that hash. Unset: one per core, as far as the memory limit allows.",
            ),
            memory_limit_mib: section.within(
                "memory_limit_mib",
                256,
                8..=1_048_576,
                "What all hashes at one time may take together, in MiB.",
            ),
            waiting: section.within(
                "waiting",
                256,
                1..=100_000,
                "How many sign-ins may wait for a thread. One more is told to come back in a moment.",
            ),
            vectors: section.value(
                "vectors",
                true,
                "Use the processor's AVX2 where it has it: the same hashes in less time.",
            ),
            pepper: section.secret(
                "pepper",
                "Mixed into every hash and kept outside the database. Once set, losing it loses every password.",
            ),
        };
        if hashing.threads == Some(0) {
            section.refuse("threads", "expected at least 1; leave it out for one per core");
        }
        if u64::from(hashing.memory_kib) > u64::from(hashing.memory_limit_mib) * 1024 {
            section.refuse("memory_limit_mib", "is less than one hash needs (memory_kib)");
        }
        if !hashing.reaches_owasp() {
            section.refuse("passes", OWASP_EXPECTED);
        }
        hashing
    }

    /// At least one line of OWASP's table for Argon2id (Password Storage sheet; P6).
    fn reaches_owasp(&self) -> bool {
        OWASP_TABLE.iter().any(|(memory, passes)| self.memory_kib >= *memory && self.passes >= *passes)
    }
}

/// OWASP's equal choices of memory in KiB and passes, with one lane.
const OWASP_TABLE: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9216, 4), (7168, 5)];

const OWASP_EXPECTED: &str = "too weak with this memory_kib: OWASP's least are \
    47104 KiB × 1, 19456 × 2, 12288 × 3, 9216 × 4 or 7168 × 5 passes";
