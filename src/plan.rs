//! From the measure IR to DataFusion's logical plans.
