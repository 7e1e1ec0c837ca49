//! Functions of our own inside the engine: columnar, exact, and free of the session: each is a value that travels in the
//! plan with its settings (bounds, zone, percentiles). They know Arrow arrays, not what a KPI is.

pub mod arithmetic;
pub mod cell_keys;
pub mod cell_parts;
pub mod every;
pub mod exact;
pub mod extreme;
pub mod float_sum;
pub mod groups;
pub mod int_sum;
pub mod latest;
pub mod local;
pub mod member;
pub mod offsets;
pub mod percentile;
pub mod period;
pub mod repeats;
pub mod tally;
pub mod texts;
pub mod top;
pub mod valid_bound;
pub mod working;

pub use arithmetic::{Operation, calculate};
pub use cell_keys::{CellKeys, cell_of};
pub use cell_parts::{cell_member, cell_slot};
pub use every::every;
pub use extreme::int_extreme;
pub use float_sum::float_sum;
pub use int_sum::int_sum;
pub use latest::latest;
pub use local::{Part, local_part};
pub use member::member_of;
pub use percentile::percentiles;
pub use period::period_of;
pub use repeats::repeated;
pub use tally::tally;
pub use texts::is_text;
pub use top::top_sum;
pub use working::{Working, months_after, working};
