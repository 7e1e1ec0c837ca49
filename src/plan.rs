//! From the measure IR to DataFusion's logical plans. Pure: no files, no session, no clock.
//!
//! Inside the engine there are four Arrow types: `Int64` for `geheel`, `dagen`, `werkdagen`, `datum` (days since 1970),
//! `tijdstip` (µs UTC), `duur` (µs) and `bedrag` (ten-thousandths of a euro); `Float64` for `getal`, `score`,
//! `percentage` and `procentpunt`; `Boolean`; `Utf8View` for `tekst`.

pub mod audit;
mod counted;
mod derived;
pub mod expr;
pub mod functions;
mod groups;
mod holistic;
pub mod layout;
mod names;
pub mod needs;
pub mod repeats;
pub mod scan;
pub mod table;
mod united;
pub mod valid;

pub use layout::{Pass, SetLayout, ValueAt};
pub use needs::{axis_columns, required_columns};
pub use scan::{ScanPlan, plan_scan};
pub use table::{StoredPlans, Tables};
