//! The local engine: executes the plans of a scan and gathers their cells. It knows DataFusion and threads; not files
//! (plans of stored tables come from `run/source`), not KPIs.

#![expect(clippy::result_large_err, reason = "an error is made once, and ends the work")]

pub mod audit;
mod cells;
mod error;
mod repeats;
pub mod valid;

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::displayable;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use futures::StreamExt;

use crate::calendar::Zone;
use crate::diagnostic::Diagnostic;
use crate::measure::{CellTable, Scan, ScanCells};
use crate::model::{ColumnRef, Model, Table, TableId};
use crate::plan::repeats::{self as looking, Known, Line};
use crate::plan::{Pass, ScanPlan, StoredPlans, Tables, needs, plan_scan};
use crate::run::source::{self, Connection, Opened, Wanted};

/// How the engine may use the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Threads and partitions; none = as many as the machine has cores.
    pub threads: Option<usize>,
    /// Bytes that grouping, sorting and joining may hold together; none = no limit.
    pub memory: Option<usize>,
}

/// DataFusion with its threads.
pub struct Engine {
    runtime: tokio::runtime::Runtime,
    context: SessionContext,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Starts the threads and a session.
    ///
    /// # Errors
    /// When the system gives no threads or no room for temporary files.
    pub fn new(limits: Limits) -> Result<Self, Diagnostic> {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = limits.threads.unwrap_or_else(cores).max(1);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()
            .map_err(|e| error::no_start(&e))?;
        let mut environment = RuntimeEnvBuilder::new();
        if let Some(bytes) = limits.memory {
            environment = environment.with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
        }
        let environment = environment.build_arc().map_err(|e| error::no_start(&e))?;
        // Joins: the target of a relation is collected once, so that the rows keep streaming (plan/table.rs).
        let mut config = SessionConfig::new().with_target_partitions(threads).with_repartition_joins(false);
        // DataFusion's logical and physical rules do not always agree on whether a CASE can be empty (`als(g tussen a en
        // 8, a, 2.5)`), and its check then refuses a plan that is right; here cells are read by place and type.
        config.options_mut().execution.skip_physical_aggregate_schema_check = true;
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(environment)
            .with_default_features()
            .build();
        Ok(Self { runtime, context: SessionContext::new_with_state(state) })
    }

    /// The session, for whoever makes plans of stored tables.
    #[must_use]
    pub fn context(&self) -> &SessionContext {
        &self.context
    }

    /// Runs something asynchronous on the engine's threads. Not to be called from one of them.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Calls `action` when the user interrupts the program (Ctrl-C).
    pub fn on_interrupt(&self, action: impl FnOnce() + Send + 'static) {
        self.runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                action();
            }
        });
    }

    /// Opens the source of a stored table. `zone` is that of the project.
    ///
    /// # Errors
    /// What can be found wrong with the source without reading all of it.
    pub fn open(
        &self,
        table: &Table,
        connection: &Connection,
        zone: Zone,
        wanted: &Wanted<'_>,
    ) -> Result<Opened, Diagnostic> {
        let opened = self.block_on(source::open(&self.context, table, connection, zone, wanted));
        opened.map_err(error::of_source)
    }

    /// How many local times of these `tijdstip` columns occur twice, and how many never: per column, in order.
    ///
    /// # Errors
    /// What is wrong with the source.
    pub fn clock_changes(
        &self,
        table: &Table,
        connection: &Connection,
        zone: Zone,
        columns: &BTreeSet<usize>,
    ) -> Result<Vec<audit::ClockChanges>, Diagnostic> {
        let opening = source::open_occurrences(&self.context, table, connection, zone, columns);
        let plan = self.block_on(opening).map_err(error::of_source)?.plan;
        audit::clock_changes(self, table, plan, columns)
    }

    /// Computes a scan. The same data give the same cells, whatever the number of threads.
    ///
    /// # Errors
    /// When the target of a relation has a key more than once (at one moment), or DataFusion fails.
    pub fn execute(
        &self,
        model: &Model,
        scan: &Scan,
        stored: &StoredPlans,
        peilmoment: i64,
    ) -> Result<ScanCells, Diagnostic> {
        let tables = Tables { model, stored, peilmoment, repeats: &[] };
        self.check_relations(&tables, scan)?;
        let repeated = self.repeats(&tables, scan)?;
        let tables = Tables { repeats: &repeated.known, ..tables };
        let plan = plan_scan(&tables, scan).map_err(|e| error::of_engine(&e))?;
        self.block_on(self.cells(scan, &plan))
    }

    async fn cells(&self, scan: &Scan, plan: &ScanPlan) -> Result<ScanCells, Diagnostic> {
        let mut found = ScanCells {
            grains: vec![CellTable::default(); scan.grains.len()],
            holistic: scan.holistic.iter().map(|h| vec![CellTable::default(); h.sets.len()]).collect(),
            unplaced: Vec::with_capacity(scan.axes.len()),
        };
        for pass in &plan.axes {
            let unplaced = self.collect(pass, scan.atoms.len(), &mut found.grains).await?;
            found.unplaced.push(unplaced);
        }
        for (pass, tables) in plan.holistic.iter().zip(&mut found.holistic) {
            let width = pass.values.iter().map(|v| v.target + 1).max().unwrap_or(0);
            self.collect(pass, width, tables).await?;
        }
        Ok(found)
    }

    /// Executes a pass and files its output; the number of rows without a place in time.
    async fn collect(&self, pass: &Pass, width: usize, tables: &mut [CellTable]) -> Result<u64, Diagnostic> {
        let mut reader = cells::Reader::new(pass, width, tables);
        let frame = DataFrame::new(self.context.state(), pass.plan.clone());
        let mut stream = frame.execute_stream().await.map_err(|e| error::of_engine(&e))?;
        while let Some(batch) = stream.next().await {
            reader.read(&batch.map_err(|e| error::of_engine(&e))?)?;
        }
        Ok(reader.unplaced())
    }

    async fn batches(&self, plan: LogicalPlan) -> Result<Vec<RecordBatch>, Diagnostic> {
        let frame = DataFrame::new(self.context.state(), plan);
        frame.collect().await.map_err(|e| error::of_engine(&e))
    }

    /// A relation's target must have each key once, or once at a moment: a second row would count rows double.
    fn check_relations(&self, tables: &Tables<'_>, scan: &Scan) -> Result<(), Diagnostic> {
        for (table, column) in needs::relations(tables.model, scan) {
            if let Some(plan) = tables.validity(table, column).map_err(|e| error::of_engine(&e))? {
                valid::check(tables.model, table, column, &self.block_on(self.batches(plan))?)?;
                continue;
            }
            let Some(plan) = tables.duplicate_key(table, column).map_err(|e| error::of_engine(&e))? else {
                continue;
            };
            let batches = self.block_on(self.batches(plan))?;
            let twice = batches.iter().map(|batch| batch.column(0)).find(|column| column.len() > column.null_count());
            if let Some(twice) = twice {
                return Err(error::duplicate(tables.model, table, column, twice));
            }
        }
        Ok(())
    }

    /// The plans of a scan as text: logical after optimising, or physical.
    ///
    /// # Errors
    /// When the scan cannot be planned.
    pub fn explain(
        &self,
        model: &Model,
        scan: &Scan,
        stored: &StoredPlans,
        peilmoment: i64,
        physical: bool,
    ) -> Result<String, Diagnostic> {
        let tables = Tables { model, stored, peilmoment, repeats: &[] };
        let scope = tables.scope(scan.table);
        let lines = looking::lines(&tables, scan).map_err(|e| error::of_engine(&e))?;
        let unread = |line: &Line| line.questions.clone().into_iter().map(|q| Known::unread(&scope, q));
        let known: Vec<Known> = lines.iter().flat_map(unread).collect();
        let tables = Tables { repeats: &known, ..tables };
        let plan = plan_scan(&tables, scan).map_err(|e| error::of_engine(&e))?;
        let mut text = String::new();
        for line in &lines {
            text += &format!("-- {}: wat de rijen van elkaar zien\n", model.table(scan.table).full_name());
            text += &self.shown(&line.rows, physical)?;
        }
        for (index, pass) in plan.axes.iter().enumerate() {
            let axis = scan.axes.get(index).map(|axis| model.column(scan.table, &axis.column).name.as_str());
            text += &format!("-- {} op {}\n", model.table(scan.table).full_name(), axis.unwrap_or("?"));
            text += &self.shown(&pass.plan, physical)?;
        }
        for (index, pass) in plan.holistic.iter().enumerate() {
            text += &format!("-- {}, apart {}\n", model.table(scan.table).full_name(), index + 1);
            text += &self.shown(&pass.plan, physical)?;
        }
        Ok(text)
    }

    fn shown(&self, plan: &LogicalPlan, physical: bool) -> Result<String, Diagnostic> {
        let state = self.context.state();
        if physical {
            let plan = self.block_on(state.create_physical_plan(plan)).map_err(|e| error::of_engine(&e))?;
            return Ok(displayable(plan.as_ref()).indent(false).to_string());
        }
        let plan = state.optimize(plan).map_err(|e| error::of_engine(&e))?;
        Ok(format!("{}\n", plan.display_indent()))
    }

    /// The least and the greatest value of a column of a table (days or µs UTC); nothing where it is empty throughout.
    ///
    /// # Errors
    /// When a stored table or column is missing, or reading fails.
    pub fn extent(
        &self,
        model: &Model,
        table: TableId,
        column: usize,
        stored: &StoredPlans,
    ) -> Result<(Option<i64>, Option<i64>), Diagnostic> {
        let tables = Tables { model, stored, peilmoment: 0, repeats: &[] };
        let plan = tables.extent(table, &ColumnRef::own(column)).map_err(|e| error::of_engine(&e))?;
        let batches = self.block_on(self.batches(plan))?;
        let at = |index: usize| {
            let batch = batches.iter().find(|batch| batch.num_rows() > 0)?;
            let values = batch.columns().get(index)?.as_primitive_opt::<Int64Type>()?;
            values.iter().next().flatten()
        };
        Ok((at(0), at(1)))
    }
}

#[cfg(test)]
mod tests;
