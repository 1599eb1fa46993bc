//! What the test files share: where the samples are.
