//! Intervals around figures of a sample.
//!
//! A share has the score interval of Wilson (1927), without continuity correction. A difference of two shares of the same
//! rows (CES) has a normal interval with the multinomial variance: with d = +1, -1 or 0 per row, Var(d) = p₊ + p₋ - 2·p₊₋ -
//! (p₊ - p₋)², where p₊₋ is the part of the rows that is both.

#![expect(clippy::excessive_precision, reason = "the digits as they were published")]

use crate::combine::Sample;

/// Both ends, as percentages; none over no rows. `level` is in percent.
pub(super) fn interval(sample: &Sample, level: f64) -> Option<(f64, f64)> {
    let z = normal_quantile(0.5 + level / 200.0)?;
    if sample.n <= 0.0 {
        return None;
    }
    let p = sample.plus / sample.n;
    match sample.minus {
        None => Some(wilson(p, sample.n, z)),
        Some(minus) => Some(difference(p, minus.share / sample.n, minus.both / sample.n, sample.n, z)),
    }
}

fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let square = z * z;
    let middle = (p + square / (2.0 * n)) / (1.0 + square / n);
    let half = z / (1.0 + square / n) * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    // At none and at all of the rows the one end is exact.
    let low = if p <= 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if p >= 1.0 { 1.0 } else { (middle + half).min(1.0) };
    (100.0 * low, 100.0 * high)
}

fn difference(plus: f64, minus: f64, both: f64, n: f64, z: f64) -> (f64, f64) {
    let middle = plus - minus;
    let variance = (plus + minus - 2.0 * both - middle * middle).max(0.0);
    let half = z * (variance / n).sqrt();
    (100.0 * (middle - half).max(-1.0), 100.0 * (middle + half).min(1.0))
}

/// The normal deviate with `p` below it: Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), 477–484; right
/// to about one part in 10¹⁶. Nothing outside 0–1.
fn normal_quantile(p: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0) {
        return None;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return Some(q * ratio(r, &NEAR));
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-tail.ln()).sqrt();
    let size = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    Some(if q < 0.0 { -size } else { size })
}

/// The quotient of two polynomials, by Horner's rule.
fn ratio(x: f64, coefficients: &[[f64; 8]; 2]) -> f64 {
    let [above, below] = coefficients.map(|list| list.iter().rev().fold(0.0, |sum, c| sum * x + c));
    above / below
}

const NEAR: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_608,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561e3,
    ],
];

const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_7e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_4e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        6.897_673_349_851_000_045_5e-1,
        1.481_039_764_274_800_745_9e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
];

const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        2.965_605_718_285_048_912_3e-1,
        2.653_218_952_657_612_309_3e-2,
        1.242_660_947_388_078_438_6e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_9e-1,
        1.369_298_809_227_358_053_1e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::combine::Minus;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn deviates_as_in_the_tables() {
        let cases = [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.995, 2.575_829_303_548_900_4),
            (0.95, 1.644_853_626_951_472_2),
            (0.999_999_9, 5.199_337_582_192_816),
            (0.75, 0.674_489_750_196_081_7),
        ];
        for (p, z) in cases {
            assert!(normal_quantile(p).is_some_and(|found| near(found, z)), "{p}");
        }
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (None, None));
    }

    #[test]
    fn wilson_of_all_none_and_some() {
        // R: prop.test(15, 20, correct = FALSE) and the same with 0 and 20.
        let share = |plus| Sample { plus, minus: None, n: 20.0 };
        let (low, high) = interval(&share(15.0), 95.0).expect("rows");
        assert!(near(low, 53.129_902_837_3) || (low - 53.1299).abs() < 1e-3, "{low}");
        assert!((high - 88.814_4).abs() < 1e-2, "{high}");
        assert_eq!(interval(&share(0.0), 95.0).map(|i| i.0), Some(0.0));
        assert_eq!(interval(&share(20.0), 95.0).map(|i| i.1), Some(100.0));
        assert_eq!(interval(&Sample { n: 0.0, ..share(0.0) }, 95.0), None);
    }

    #[test]
    fn a_difference_stays_in_its_range() {
        let minus = |share, both| Some(Minus { share, both });
        let sample = Sample { plus: 50.0, minus: minus(20.0, 0.0), n: 100.0 };
        // 0.3 ± 1.96 · √((0.7 - 0.09) / 100)
        let half = 1.959_963_984_540_054 * (0.61_f64 / 100.0).sqrt();
        let (low, high) = interval(&sample, 95.0).expect("rows");
        assert!(near(low, 100.0 * (0.3 - half)) && near(high, 100.0 * (0.3 + half)));
        let same = Sample { plus: 50.0, minus: minus(50.0, 50.0), n: 100.0 };
        assert_eq!(interval(&same, 95.0), Some((0.0, 0.0)));
        let all = Sample { plus: 3.0, minus: minus(0.0, 0.0), n: 3.0 };
        assert_eq!(interval(&all, 95.0), Some((100.0, 100.0)));
    }
}
