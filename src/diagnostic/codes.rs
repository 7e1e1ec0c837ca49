//! The catalogue of diagnostic codes and their pages.
