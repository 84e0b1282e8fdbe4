//! Who asks, in words.
