//! Receipts, looked at by where their text stands and by what a reader of PDF would find.

use chrono::NaiveDateTime;

use super::*;
use crate::documents::page::{HEIGHT, MARGIN, Page, WIDTH};
use crate::language::Language::{En, It};

fn at(day: u32, hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, 0, 0).unwrap()
}

fn euros(minor: i64) -> Money {
    Money::new(minor, "EUR")
}

fn line(description: &str, minor: i64) -> Line {
    Line { description: description.into(), starts: Some(at(22, 19)), places: Some(2), amount: euros(minor) }
}

fn receipt() -> Receipt {
    Receipt {
        business: Business {
            name: "Studio Aurora".into(),
            address: "Via Roma 1, 35121 Padova".into(),
            phone: "+39 049 555 0100".into(),
            website: "https://studio-aurora.example".into(),
        },
        number: "2026-0012".into(),
        date: at(23, 0).date(),
        customer: "Zoë Łukasz Παπαδοπούλου Щербакова".into(),
        lines: vec![
            line("Yoga · Giulia Rossi", 3000),
            Line { starts: None, places: None, ..line("10 lezioni", 12_000) },
        ],
        payments: vec![Payment { method: PaymentMethod::Card, at: at(20, 9), amount: euros(15_000) }],
        refunds: vec![Refund { at: at(21, 10), amount: euros(1500) }],
        balance: euros(0),
    }
}

/// Whatever can be too long is, and what the font lacks is there.
fn monstrous() -> Receipt {
    let long = "Ginnastica-posturale-per-principianti-assoluti ".repeat(20);
    let name = "W".repeat(900);
    Receipt {
        business: Business { name: name.clone(), address: long.clone(), phone: long.clone(), website: name.clone() },
        number: "9".repeat(200),
        customer: format!("山田 {name}"),
        lines: (0..120).map(|n| line(if n % 3 == 0 { &long } else { &name }, i64::MAX)).collect(),
        payments: vec![Payment { method: PaymentMethod::Cash, at: at(20, 9), amount: euros(i64::MAX) }; 70],
        refunds: vec![Refund { at: at(21, 10), amount: Money::new(i64::MIN, "a currency that is none") }; 70],
        balance: euros(i64::MIN),
        ..receipt()
    }
}

fn pages(language: Language, receipt: &Receipt) -> Vec<Page> {
    compose::pages(&Font::built_in().unwrap(), language, receipt)
}

fn texts(pages: &[Page]) -> Vec<&str> {
    pages.iter().flat_map(|page| &page.words).map(|words| words.text.as_str()).collect()
}

#[test]
fn a_receipt_tells_everything_on_one_page() {
    let pages = pages(It, &receipt());
    assert_eq!(pages.len(), 1);
    let told = texts(&pages);
    for text in [
        "Studio Aurora",
        "Via Roma 1, 35121 Padova",
        "+39 049 555 0100 · https://studio-aurora.example",
        "Ricevuta di cortesia",
        "2026-0012",
        "lun 23 nov 2026",
        "Zoë Łukasz Παπαδοπούλου Щербакова",
        "Yoga · Giulia Rossi",
        "dom 22 nov 2026, 19:00",
        "2",
        "30,00 €",
        "10 lezioni",
        "150,00 €",
        "Carta",
        "ven 20 nov 2026, 09:00",
        "Rimborso",
        "-15,00 €",
        "Non resta niente da pagare",
        "Pagina 1 di 1",
    ] {
        assert!(told.contains(&text), "{text} in {told:?}");
    }
    assert!(told.concat().contains("non è un documento fiscale"), "{told:?}");
}

#[test]
fn what_is_left_to_pay_or_to_give_back_is_named() {
    let told = |minor| texts(&pages(En, &Receipt { balance: euros(minor), ..receipt() })).join("\n");
    assert!(told(250).contains("Still to pay\n€2.50"));
    assert!(told(-250).contains("In your favour\n€2.50"));
    let unpaid = Receipt { payments: vec![], refunds: vec![], ..receipt() };
    let unpaid = texts(&pages(En, &unpaid)).join("\n");
    assert!(unpaid.contains("Payments\nNone yet") && !unpaid.contains("Refund"), "{unpaid}");
}

#[test]
fn a_total_is_told_only_where_there_is_one() {
    let mixed = vec![line("Yoga", 100), Line { amount: Money::new(100, "CHF"), ..line("Boxe", 0) }];
    for lines in [vec![], mixed, vec![line("a", i64::MAX), line("b", 1)]] {
        assert_eq!(Receipt { lines, ..receipt() }.total(), None);
    }
    assert_eq!(receipt().total(), Some(euros(15_000)));
}

#[test]
fn nothing_leaves_the_page_however_much_there_is() {
    let font = Font::built_in().unwrap();
    for (language, receipt) in [(It, receipt()), (En, monstrous()), (It, monstrous())] {
        let pages = pages(language, &receipt);
        for words in pages.iter().flat_map(|page| &page.words) {
            let (style, right) = (words.style, words.x + font.width(&words.text, words.style.size));
            assert!(words.x >= MARGIN - 0.1 && right <= WIDTH - MARGIN + 0.1, "{words:?} ends at {right}");
            assert!(words.y >= 20.0 && words.y + style.size <= HEIGHT - MARGIN + 0.1, "{words:?}");
        }
        for area in pages.iter().flat_map(|page| &page.areas) {
            assert!(area.y >= MARGIN - 5.0 && area.y + area.height <= HEIGHT, "{area:?}");
        }
    }
}

#[test]
fn many_lines_go_on_over_pages_with_the_head_of_the_table_on_each() {
    let lines: Vec<_> = (1..=120).map(|n| line(&format!("Yoga {n}"), 1500)).collect();
    let pages = pages(En, &Receipt { lines, ..receipt() });
    assert!(pages.len() > 2, "{}", pages.len());
    let told = texts(&pages);
    for n in 1..=120 {
        assert_eq!(told.iter().filter(|text| **text == format!("Yoga {n}")).count(), 1, "{n}");
    }
    for (at, page) in pages.iter().enumerate() {
        let told = texts(std::slice::from_ref(page));
        assert!(told.contains(&format!("Page {} of {}", at + 1, pages.len()).as_str()), "{told:?}");
        let rows = told.iter().filter(|text| text.starts_with("Yoga ")).count();
        assert!(rows == 0 || told.contains(&"Description"), "{told:?}");
    }
    assert_eq!(told.iter().filter(|text| **text == "Total").count(), 1);
}

#[test]
fn lines_of_text_never_overlap() {
    for receipt in [receipt(), monstrous()] {
        for page in pages(It, &receipt) {
            let mut lines: Vec<_> = page.words.iter().map(|words| (words.y, words.style.size)).collect();
            lines.sort_by(|a, b| b.0.total_cmp(&a.0));
            for pair in lines.windows(2) {
                let apart = pair[0].0 - pair[1].0;
                assert!(apart < 0.1 || apart >= pair[1].1, "{pair:?}");
            }
        }
    }
}

#[test]
fn the_file_is_a_pdf_and_always_the_same() {
    let file = pdf(It, &receipt()).unwrap();
    assert!(file.starts_with(b"%PDF-1.7") && file.ends_with(b"%%EOF"));
    assert_eq!(file, pdf(It, &receipt()).unwrap());
    assert_ne!(file, pdf(En, &receipt()).unwrap());
    assert!(file.len() < 80_000, "{} bytes", file.len());
    let text = String::from_utf8_lossy(&file);
    for part in ["/Lang (it)", "/Title (Ricevuta di cortesia 2026-0012)", "/DisplayDocTitle true", "+DejaVuSans"] {
        assert!(text.contains(part), "{part}");
    }
    // The letter Щ can be copied out again.
    assert!(text.contains("<0429>"));
    pdf(En, &monstrous()).unwrap();
}

#[test]
fn every_object_is_where_the_table_of_objects_says() {
    let file = pdf(It, &receipt()).unwrap();
    let text = String::from_utf8_lossy(&file);
    let (_, end) = text.rsplit_once("startxref\n").unwrap();
    let start: usize = end.lines().next().unwrap().parse().unwrap();
    let table = std::str::from_utf8(&file[start..]).unwrap();
    let entries = table.lines().filter(|entry| entry.trim_end().ends_with(" n"));
    let offsets: Vec<usize> = entries.map(|entry| entry[..10].parse().unwrap()).collect();
    assert_eq!(offsets.len(), 10);
    for (at, offset) in offsets.into_iter().enumerate() {
        assert!(file[offset..].starts_with(format!("{} 0 obj", at + 1).as_bytes()), "object {}", at + 1);
    }
}
