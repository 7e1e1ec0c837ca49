//! Opens the physical sources of stored tables as DataFusion tables with the logical columns.
