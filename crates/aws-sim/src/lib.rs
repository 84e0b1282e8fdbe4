//! A local AWS for the demo and the tests.
