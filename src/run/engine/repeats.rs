//! Reads the rows that see each other (`herhaald`, `vervolgd`) before a scan: each partition gathers its own, and together
//! they are put in order.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use arrow::datatypes::Int64Type;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::DataFrame;
use futures::StreamExt;

use super::{Engine, error};
use crate::diagnostic::Diagnostic;
use crate::measure::Scan;
use crate::plan::Tables;
use crate::plan::functions::repeats::{Answers, Gathered, Need, Ties, Timeline};
use crate::plan::repeats::{Known, Line, limits, lines};

/// What is known, and the memory that it takes.
#[derive(Default)]
pub(super) struct Repeated {
    pub(super) known: Vec<Known>,
    held: Vec<MemoryReservation>,
}

/// The columns of a batch of a line.
struct Columns<'b> {
    times: &'b Int64Array,
    pass: Option<&'b BooleanArray>,
    keys: &'b [ArrayRef],
    ties: &'b [ArrayRef],
}

impl<'b> Columns<'b> {
    fn of(batch: &'b RecordBatch, with_pass: bool, keys: usize) -> Option<Self> {
        let (times, rest) = batch.columns().split_first()?;
        let (pass, rest) = rest.split_at_checked(usize::from(with_pass))?;
        let (keys, ties) = rest.split_at_checked(keys)?;
        let pass = match pass.first() {
            Some(pass) => Some(pass.as_boolean_opt()?),
            None => None,
        };
        Some(Self { times: times.as_primitive_opt::<Int64Type>()?, pass, keys, ties })
    }
}

fn unexpected() -> DataFusionError {
    DataFusionError::Internal("rows of a line in another form".to_owned())
}

impl Engine {
    /// What the rows of a scan see of each other.
    pub(super) fn repeats(&self, tables: &Tables<'_>, scan: &Scan) -> Result<Repeated, Diagnostic> {
        let mut found = Repeated::default();
        for line in lines(tables, scan).map_err(|e| error::of_engine(&e))? {
            self.block_on(self.line(tables, scan, &line, &mut found)).map_err(|e| error::of_engine(&e))?;
        }
        Ok(found)
    }

    async fn line(
        &self,
        tables: &Tables<'_>,
        scan: &Scan,
        line: &Line,
        found: &mut Repeated,
    ) -> Result<(), DataFusionError> {
        let (with_pass, keys, seen) = (line.with_pass, line.keys, line.seen);
        let mut parts = Vec::new();
        let mut tasks = Vec::new();
        for mut stream in self.streams(&line.rows).await? {
            let held = self.reservation();
            tasks.push(self.runtime.spawn(async move {
                let mut gathered = Gathered::new(keys, seen);
                while let Some(batch) = stream.next().await {
                    let batch = batch?;
                    let columns = Columns::of(&batch, with_pass, keys).ok_or_else(unexpected)?;
                    gathered.add(columns.times, columns.pass, columns.keys)?;
                    held.try_resize(gathered.size())?;
                }
                Ok::<_, DataFusionError>((gathered, held))
            }));
        }
        // In the order of the partitions, whichever is ready first.
        for task in tasks {
            let (gathered, held) = task.await.map_err(|e| DataFusionError::External(Box::new(e)))??;
            parts.push(gathered);
            found.held.push(held);
        }
        let timeline = Arc::new(Timeline::of(parts));
        let scope = tables.scope(scan.table);
        for question in &line.questions {
            let answers = Arc::new(Answers::of(Arc::clone(&timeline), &mut limits(&scope, question), line.asked));
            let ties =
                if answers.need() == Need::Ties { self.ties(line, &answers, found).await? } else { Ties::default() };
            found.known.push(Known { question: question.clone(), answers, ties: Arc::new(ties) });
        }
        Ok(())
    }

    /// Reads the rows once more for the table's key of those that share moment and key.
    async fn ties(&self, line: &Line, answers: &Answers, found: &mut Repeated) -> Result<Ties, DataFusionError> {
        let mut ties = Ties::default();
        let held = self.reservation();
        for mut stream in self.streams(&line.rows_with_ties).await? {
            while let Some(batch) = stream.next().await {
                let batch = batch?;
                let columns = Columns::of(&batch, line.with_pass, line.keys).ok_or_else(unexpected)?;
                ties.add(answers, columns.times, columns.pass, columns.keys, columns.ties)?;
                held.try_resize(ties.size())?;
            }
        }
        found.held.push(held);
        Ok(ties)
    }

    async fn streams(&self, plan: &LogicalPlan) -> Result<Vec<SendableRecordBatchStream>, DataFusionError> {
        DataFrame::new(self.context.state(), plan.clone()).execute_stream_partitioned().await
    }

    fn reservation(&self) -> MemoryReservation {
        MemoryConsumer::new("herhaald").register(&self.context.runtime_env().memory_pool)
    }
}
