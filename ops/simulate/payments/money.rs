//! Amounts for people. Stripe counts some currencies' minor units in a way of its own
//! (<https://docs.stripe.com/currencies#minor-units>).

const WITHOUT_DECIMALS: [&str; 15] =
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];
const WITH_THREE: [&str; 5] = ["bhd", "jod", "kwd", "omr", "tnd"];

/// `€12.50` and `CHF 12.50`, or in Italian `12,50 €` and `12,50 CHF`.
pub(crate) fn format(minor: i64, currency: &str, italian: bool) -> String {
    let decimals = match currency {
        _ if WITHOUT_DECIMALS.contains(&currency) => 0,
        _ if WITH_THREE.contains(&currency) => 3,
        _ => 2,
    };
    let digits = format!("{minor:0>width$}", width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let point = match decimals {
        0 => "",
        _ if italian => ",",
        _ => ".",
    };
    let code = currency.to_uppercase();
    let sign = match currency {
        "eur" => "€",
        "gbp" => "£",
        "usd" => "$",
        _ => &code,
    };
    let amount = format!("{whole}{point}{part}");
    if italian {
        format!("{amount} {sign}")
    } else if sign == code {
        format!("{sign} {amount}")
    } else {
        format!("{sign}{amount}")
    }
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn amounts_read_as_people_write_them() {
        let cases = [
            (1250, "eur", "€12.50", "12,50 €"),
            (5, "gbp", "£0.05", "0,05 £"),
            (120_000, "chf", "CHF 1200.00", "1200,00 CHF"),
            (500, "jpy", "JPY 500", "500 JPY"),
            (5120, "kwd", "KWD 5.120", "5,120 KWD"),
        ];
        for (minor, currency, english, italian) in cases {
            assert_eq!(format(minor, currency, false), english);
            assert_eq!(format(minor, currency, true), italian);
        }
    }
}
