//! Checksums as the catalogue states them.

use sha2::Digest as _;

/// How a checksum is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// MD5.
    Md5,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// A checksum in lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// How it is made.
    pub algorithm: Algorithm,
    /// The digits.
    pub digits: String,
}

impl Checksum {
    /// A checksum of the catalogue; `None` if its algorithm is another, or its digits are not
    /// as many as they must be.
    #[must_use]
    pub fn of_catalogue(algorithm: &str, value: &str) -> Option<Self> {
        let algorithm = match algorithm.to_ascii_uppercase().replace('-', "").as_str() {
            "MD5" => Algorithm::Md5,
            "SHA256" => Algorithm::Sha256,
            "SHA512" => Algorithm::Sha512,
            _ => return None,
        };
        let length = match algorithm {
            Algorithm::Md5 => 32,
            Algorithm::Sha256 => 64,
            Algorithm::Sha512 => 128,
        };
        let digits = value.trim().to_ascii_lowercase();
        let right = digits.len() == length && digits.bytes().all(|b| b.is_ascii_hexdigit());
        right.then_some(Self { algorithm, digits })
    }
}

/// Takes bytes in order: their SHA-256, and the checksum that the catalogue uses.
pub struct Sums {
    sha256: sha2::Sha256,
    other: Option<Other>,
}

enum Other {
    Md5(md5::Md5),
    Sha512(sha2::Sha512),
}

impl Sums {
    /// Nothing taken yet.
    pub fn new(checksum: Option<&Checksum>) -> Self {
        let other = checksum.and_then(|checksum| match checksum.algorithm {
            Algorithm::Md5 => Some(Other::Md5(md5::Md5::default())),
            Algorithm::Sha512 => Some(Other::Sha512(sha2::Sha512::default())),
            Algorithm::Sha256 => None,
        });
        Self {
            sha256: sha2::Sha256::default(),
            other,
        }
    }

    pub fn take(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        match &mut self.other {
            Some(Other::Md5(sum)) => sum.update(bytes),
            Some(Other::Sha512(sum)) => sum.update(bytes),
            None => {}
        }
    }

    /// The SHA-256, and the checksum in the algorithm of the catalogue.
    pub fn end(self) -> (String, String) {
        let sha256 = hex(&self.sha256.finalize());
        let other = match self.other {
            Some(Other::Md5(sum)) => hex(&sum.finalize()),
            Some(Other::Sha512(sum)) => hex(&sum.finalize()),
            None => sha256.clone(),
        };
        (sha256, other)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
