//! A small seeded random generator (SplitMix64): the same numbers on every machine and in every version of the
//! dependencies. It must not know what its numbers are used for.

/// A stream of random numbers. Each part of the data has its own, so that a change in one leaves the others alone.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In [0, 1), in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A whole number from `low` up to and including `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// Roughly normal (sum of twelve uniforms): mean 0, deviation 1, never beyond ±6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Exponential with the given mean, in whole units.
    pub fn waiting(&mut self, mean: f64) -> i64 {
        (-mean * (1.0 - self.unit()).ln()).round() as i64
    }

    /// Log-normal around a median, in whole units.
    pub fn duration(&mut self, median: f64, spread: f64) -> i64 {
        (median * (spread * self.normal()).exp()).round() as i64
    }

    /// Poisson (Knuth): fine for means up to some tens.
    pub fn poisson(&mut self, mean: f64) -> usize {
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// One of the values, by weight.
    pub fn pick<T: Copy>(&mut self, values: &[(T, f64)]) -> T {
        let total: f64 = values.iter().map(|v| v.1).sum();
        let mut left = self.unit() * total;
        for &(value, weight) in values {
            if left < weight {
                return value;
            }
            left -= weight;
        }
        values[values.len() - 1].0
    }
}
