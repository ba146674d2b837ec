//! A secret on its way over the admin socket.

use doorward_model::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A secret that may be sent to the server of this machine, and shows nothing of itself otherwise.
#[derive(Clone, Debug)]
pub struct Hidden(Secret);

impl Hidden {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// As the core takes it.
    pub fn secret(&self) -> Secret {
        self.0.clone()
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
